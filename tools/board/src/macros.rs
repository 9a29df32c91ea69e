//! Grafana's variables in a query.

use std::time::Duration;

use crate::window::Window;

/// A variable that a query names, and that nothing is known of here.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the query names ${0}, which the board does not know: use one of $__rate_interval, $__interval and $__range"
)]
pub struct UnknownVariable(String);

/// The query with values in place of Grafana's variables.
///
/// # Errors
/// When it names one that is not known here.
pub fn expand(query: &str, window: &Window) -> Result<String, UnknownVariable> {
    let mut text = String::with_capacity(query.len());
    let mut rest = query;
    while let Some((before, after)) = rest.split_once('$') {
        text.push_str(before);
        let (name, after) = name(after);
        if name.is_empty() {
            // The end of a regular expression.
            text.push('$');
        } else {
            let value = value(name, window);
            text.push_str(&value.ok_or_else(|| UnknownVariable(name.to_owned()))?);
        }
        rest = after;
    }
    text.push_str(rest);
    Ok(text)
}

/// The name at the begin of a text, in braces or not, and what follows it.
fn name(text: &str) -> (&str, &str) {
    if let Some((name, after)) = text.strip_prefix('{').and_then(|text| text.split_once('}')) {
        return (name, after);
    }
    let is_part = |character: char| character == '_' || character.is_ascii_alphanumeric();
    let end = text.find(|character| !is_part(character));
    text.split_at(end.unwrap_or(text.len()))
}

fn value(name: &str, window: &Window) -> Option<String> {
    let seconds = |time: Duration| format!("{}s", time.as_secs());
    Some(match name {
        "__rate_interval" => seconds(window.rate_interval()),
        "__interval" => seconds(window.step),
        "__interval_ms" => window.step.as_millis().to_string(),
        "__range" => seconds(window.length),
        "__range_s" => window.length.as_secs().to_string(),
        "__range_ms" => window.length.as_millis().to_string(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window() -> Window {
        Window::new(1_000_000, Duration::from_secs(900))
    }

    #[test]
    fn variables_have_values() {
        let cases = [
            ("up", "up"),
            ("rate(a[$__rate_interval])", "rate(a[8s])"),
            ("a[${__range}] / $__range_s", "a[900s] / 900"),
            ("$__interval $__interval_ms $__range_ms", "3s 3000 900000"),
            (r#"a{b=~"^c$"}"#, r#"a{b=~"^c$"}"#),
        ];
        for (query, expected) in cases {
            assert_eq!(expand(query, &window()).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn others_are_refused_and_named() {
        for (query, name) in [
            ("up{job=\"$job\"}", "job"),
            ("a[${__ranges}]", "__ranges"),
            ("$__timeFilter(a)", "__timeFilter"),
        ] {
            let error = expand(query, &window()).unwrap_err();
            assert_eq!(error, UnknownVariable(name.to_owned()));
        }
    }
}
