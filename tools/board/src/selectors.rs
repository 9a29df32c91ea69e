//! Which metrics a query names.
//!
//! It knows as much of PromQL as the boards and the rules need. Whoever spoils one name must know where it stands.

/// What stands in a query where a metric might, and is none.
const WORDS: [&str; 12] = [
    "and", "avg", "by", "count", "ignoring", "max", "min", "on", "or", "sum", "topk", "unless",
];

/// One metric in a query.
#[derive(Debug, PartialEq, Eq)]
pub struct Selector {
    /// Where in the query it begins.
    pub start: usize,
    /// Its name.
    pub name: String,
    /// Its name, with what it must have as labels.
    pub text: String,
}

/// Every metric that a query names, in the order in which it does.
#[must_use]
pub fn selectors(query: &str) -> Vec<Selector> {
    let is_part =
        |character: char| character == '_' || character == ':' || character.is_alphanumeric();
    let mut found = Vec::new();
    let mut start = 0;
    // Behind "by" stand labels, in parentheses.
    let mut labels = false;
    while let Some(begin) = query[start..].find(is_part) {
        start += begin;
        let rest = &query[start..];
        let end = rest.find(|character| !is_part(character));
        let name = &rest[..end.unwrap_or(rest.len())];
        let follows = &rest[name.len()..];
        let is_word = WORDS.contains(&name) || follows.starts_with('(');
        let is_number = name.starts_with(|character: char| character.is_ascii_digit());
        let is_variable = query[..start].ends_with(['$', '[']);
        let mut length = name.len();
        if !is_word && !is_number && !is_variable && !labels {
            if let Some(inner) = follows.strip_prefix('{') {
                length += inner.find('}').map_or(follows.len(), |end| end + 2);
            }
            found.push(Selector {
                start,
                name: name.to_owned(),
                text: rest[..length].to_owned(),
            });
        }
        labels = (labels || ["by", "on", "ignoring"].contains(&name))
            && !follows.trim_start_matches(' ').starts_with(')');
        start += length;
    }
    found
}

/// The same query, with one letter changed in the name of the first metric. None if it names none.
#[must_use]
pub fn misspelt(query: &str) -> Option<String> {
    let found = selectors(query);
    let first = found.first()?;
    let last = first.start + first.name.len() - 1;
    let mut query = query.to_owned();
    query.replace_range(last..=last, "x");
    Some(query)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_told_from_functions_labels_and_numbers() {
        let texts = |query: &str| {
            let found = selectors(query).into_iter();
            found.map(|selector| selector.text).collect::<Vec<_>>()
        };
        let query =
            r#"sum by (job, le) (rate(a_total{b="c",d!="e"}[5m])) / (sum(f) > 0.5) or vector(0)"#;
        assert_eq!(texts(query), [r#"a_total{b="c",d!="e"}"#, "f"]);
        let query = "time() - sum by (instance) (g:h[$__rate_interval]) and topk(10, up)";
        assert_eq!(texts(query), ["g:h", "up"]);
    }

    #[test]
    fn one_letter_of_a_name_is_changed() {
        let query = "1 - sum(rate(a_total[5m]))";
        assert_eq!(misspelt(query).unwrap(), "1 - sum(rate(a_totax[5m]))");
        assert_eq!(misspelt("vector(1)"), None);
    }
}
