//! Compares what a command printed with what the walkthrough shows, by shape.
//!
//! Times, ids and addresses differ on every run, so they are compared only by kind. So are numbers, unless they are the point.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

/// What is said of numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Numbers {
    /// They may be others, and of equal lines there may be more or fewer.
    #[default]
    Differ,
    /// They are the point, and so is the number of lines.
    Hold,
}

/// What stands for a number.
const NUMBER: &str = "<n>";

/// Each kind of text that differs from run to run, with what stands for it. The order matters.
static KINDS: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let kinds = [
        // Colours, which some programs print even into a pipe.
        (r"\x1b\[[0-9;]*[A-Za-z]", ""),
        (
            r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?([.,]\d+)?(Z|\s?[+-]\d\d:?\d\d)?",
            "<time>",
        ),
        (r"\b\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", "<time>"),
        (
            r"\b[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b",
            "<uuid>",
        ),
        (r"\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b", "<address>"),
        // Go prints durations such as 1m2.5s; Docker says `Up 3 minutes`, `About a minute ago`.
        (r"\b(\d+(\.\d+)?(h|ms|m|s|us|µs|ns))+\b", "<duration>"),
        (
            r"(?i)\b(about )?(an?|\d+(\.\d+)?) (millisecond|second|minute|hour|day|week)s?\b",
            "<duration>",
        ),
        (r"(?i)\bless than <duration>", "<duration>"),
        // A match is called by ten characters of base32, and so is each start of a game server.
        (r#""match":"[0-9a-z]{10}""#, r#""match":"<n>""#),
        (r"\bgs-[0-9a-z]{10}\b", "gs-<n>"),
        // A session's id is 22 characters of base64, and so is the name of its key in Redis.
        (r"[A-Za-z0-9_-]{22,}", "<session>"),
        (r"\b[0-9a-fA-F]{6,}\b", "<id>"),
        // A container is told by its id and a process by its number: webserver-3f2a9c and webserver-2.
        (r"\b([a-z]+)-(<id>|\d+)", "$1-<n>"),
        (r"\d+(\.\d+)*", NUMBER),
        (r"<id>", "<n>"),
        (r"\s+", " "),
    ];
    let compile = |pattern: &str| Regex::new(pattern).expect("a valid pattern");
    kinds
        .into_iter()
        .map(|(pattern, kind)| (compile(pattern), kind))
        .collect()
});

/// HTTP status codes are numbers that matter: in a status line, or where a line begins with one.
static STATUS: LazyLock<Regex> = LazyLock::new(|| {
    let pattern =
        r"^(?:HTTP/[\d.]+ )?(20[01246]|30[123478]|40[013456789]|41[035]|42[29]|50[01234])\b";
    Regex::new(pattern).expect("a valid pattern")
});

/// Whether `got` looks like `expected`; if not, the lines that differ.
pub fn compare(expected: &[String], got: &[String], numbers: Numbers) -> Result<(), String> {
    let (expected, got) = match (document(expected, numbers), document(got, numbers)) {
        // Printed over several lines, but one value.
        (Some(expected), Some(got)) => (vec![expected], vec![got]),
        _ => (shapes(expected, numbers), shapes(got, numbers)),
    };
    if matches(&expected, &got) {
        Ok(())
    } else {
        Err(difference(&expected, &got))
    }
}

/// The shape of each line; of equal neighbours only one, where numbers differ.
fn shapes(lines: &[String], numbers: Numbers) -> Vec<String> {
    let mut shapes: Vec<_> = lines.iter().map(|line| shape(line, numbers)).collect();
    // What follows the last line says nothing.
    while shapes.last().is_some_and(String::is_empty) {
        shapes.pop();
    }
    if numbers == Numbers::Differ {
        shapes.dedup();
    }
    shapes
}

fn shape(line: &str, numbers: Numbers) -> String {
    let line = line.trim_end();
    // Docker Compose puts the service's name before a log line.
    if let Some(start) = line.find(['{', '[']) {
        let (before, json) = line.split_at(start);
        if let Ok(value @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(json) {
            return plain_shape(before, numbers) + &json_shape(&value, numbers);
        }
    }
    plain_shape(line, numbers)
}

fn plain_shape(line: &str, numbers: Numbers) -> String {
    let status = STATUS.captures(line).map(|found| found[1].to_owned());
    let mut shape = line.to_owned();
    for (pattern, kind) in KINDS.iter() {
        if *kind == NUMBER && numbers == Numbers::Hold {
            continue;
        }
        shape = pattern
            .replace_all(&shape, |found: &regex::Captures<'_>| {
                let known = match *kind {
                    "<id>" => is_id(&found[0]),
                    "<session>" => is_session(&found[0]),
                    _ => true,
                };
                let mut written = String::new();
                found.expand(if known { kind } else { "$0" }, &mut written);
                written
            })
            .into_owned();
    }
    match status {
        Some(status) if shape.starts_with("HTTP/") => {
            shape.replacen(" <n>", &format!(" {status}"), 1)
        }
        Some(status) => shape.replacen("<n>", &status, 1),
        None => shape,
    }
}

/// Whether hexadecimal digits are an id: neither a word such as `facade` nor a number.
fn is_id(digits: &str) -> bool {
    let letters = digits.chars().filter(char::is_ascii_alphabetic).count();
    digits.len() >= 12 || (letters > 0 && letters < digits.len())
}

/// Whether it is a session's id: random characters, and so both small and capital letters among them.
fn is_session(text: &str) -> bool {
    let has = |kind: fn(&char) -> bool| text.chars().any(|c| kind(&c));
    text.len() == 22 && has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase)
}

/// The keys and the types of the values, and the numbers themselves where they hold.
fn json_shape(value: &Value, numbers: Numbers) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "bool".to_owned(),
        Value::Number(number) if numbers == Numbers::Hold => number.to_string(),
        Value::Number(_) => "number".to_owned(),
        Value::String(_) => "string".to_owned(),
        Value::Array(items) => {
            let kinds = items.iter().map(|item| json_shape(item, numbers));
            let kinds: Vec<_> = match numbers {
                Numbers::Hold => kinds.collect(),
                Numbers::Differ => kinds.collect::<BTreeSet<_>>().into_iter().collect(),
            };
            format!("[{}]", kinds.join(" or "))
        }
        Value::Object(fields) => {
            // In order, for JSON gives an object's keys none.
            let fields: BTreeSet<_> = fields
                .iter()
                .map(|(key, value)| format!("{key}: {}", field_shape(key, value, numbers)))
                .collect();
            format!("{{{}}}", Vec::from_iter(fields).join(", "))
        }
    }
}

/// As [`json_shape`]. What says which error it is counts by itself, as a status line does: a walkthrough that shows one must not
/// pass where another one comes.
fn field_shape(key: &str, value: &Value, numbers: Numbers) -> String {
    match (key, value) {
        ("code" | "status", value) => value.to_string(),
        ("error", Value::String(sentence)) => plain_shape(sentence, numbers),
        _ => json_shape(value, numbers),
    }
}

/// The shape of lines that are one JSON value together.
fn document(lines: &[String], numbers: Numbers) -> Option<String> {
    let value = serde_json::from_str(&lines.join("\n")).ok()?;
    matches!(value, Value::Object(_) | Value::Array(_)).then(|| json_shape(&value, numbers))
}

/// Compares line by line, where `…` stands for any number of lines.
fn matches(expected: &[String], got: &[String]) -> bool {
    let Some((first, rest)) = expected.split_first() else {
        return got.is_empty();
    };
    if is_gap(first) {
        return (0..=got.len()).any(|skipped| matches(rest, &got[skipped..]));
    }
    got.split_first()
        .is_some_and(|(line, after)| line == first && matches(rest, after))
}

fn is_gap(line: &str) -> bool {
    matches!(line.trim(), "…" | "...")
}

/// The shapes that differ, as `-` for what was expected and `+` for what came.
fn difference(expected: &[String], got: &[String]) -> String {
    let mut changed = Vec::new();
    let (mut before, mut after) = (expected, got);
    while let ([first, rest @ ..], [other, others @ ..]) = (before, after) {
        if first != other {
            break;
        }
        (before, after) = (rest, others);
    }
    while let ([rest @ .., last], [others @ .., other]) = (before, after) {
        if last != other {
            break;
        }
        (before, after) = (rest, others);
    }
    changed.extend(before.iter().map(|line| format!("- {line}")));
    changed.extend(after.iter().map(|line| format!("+ {line}")));
    changed.join("\n")
}

#[cfg(test)]
#[path = "shape_tests.rs"]
mod tests;
