//! The keys of a YAML file.

use std::sync::LazyLock;

use regex::Regex;

use super::place::{Named, Place};

static KEY: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r#"^((?:\s|- )*)["']?([\w./*&<-][^:"'\s]*)["']?:(?:\s|$)"#;
    Regex::new(pattern).expect("a valid pattern")
});

/// All keys of `text` by their path, such as `services.web.image`.
///
/// Read by indentation, for no YAML library in use here says where a key stands. The files are
/// our own, in block style.
pub fn keys(text: &str) -> Vec<Named> {
    let lines: Vec<_> = text.lines().collect();
    let mut open: Vec<(usize, String)> = Vec::new();
    let mut keys = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(found) = KEY.captures(line) else {
            continue;
        };
        let indent = found[1].len();
        open.retain(|(outer, _)| *outer < indent);
        open.push((indent, found[2].to_owned()));
        let path: Vec<_> = open.iter().map(|(_, key)| key.as_str()).collect();
        let inside = |line: &&&str| line.trim().is_empty() || belongs(line, indent);
        let last = index + lines[index + 1..].iter().take_while(inside).count();
        let blank = lines[index..=last]
            .iter()
            .rev()
            .take_while(|line| line.trim().is_empty());
        let last = last - blank.count();
        let place = Place {
            first: index + 1,
            name: index + 1,
            last: last + 1,
        };
        keys.push(Named {
            name: path.join("."),
            place,
        });
    }
    keys
}

/// Whether a line stands below a key at `indent`; a list may stand right under its key.
fn belongs(line: &str, indent: usize) -> bool {
    let own = line.len() - line.trim_start().len();
    own > indent || (own == indent && line.trim_start().starts_with("- "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_by_indentation() {
        let text = "\
# Comment: no key
services:
  web:
    image: a:b
    command: [x]

  \"other\":
    labels:
      traefik.enable: true
    ports:
    - a: 1
      b: 2
volumes:
";
        let keys = keys(text);
        let found: Vec<_> = keys
            .iter()
            .map(|key| (key.name.as_str(), key.place))
            .collect();
        let place = |first, last| Place {
            first,
            name: first,
            last,
        };
        let expected = [
            ("services", place(2, 12)),
            ("services.web", place(3, 5)),
            ("services.web.image", place(4, 4)),
            ("services.web.command", place(5, 5)),
            ("services.other", place(7, 12)),
            ("services.other.labels", place(8, 9)),
            ("services.other.labels.traefik.enable", place(9, 9)),
            ("services.other.ports", place(10, 12)),
            ("services.other.ports.a", place(11, 11)),
            ("services.other.ports.b", place(12, 12)),
            ("volumes", place(13, 13)),
        ];
        assert_eq!(found, expected);
    }
}
