//! The keys and sections of a TOML file.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::place::{Named, Place};

/// All keys and sections of `text` by their path, such as `workspace.dependencies.axum`.
pub fn keys(text: &str) -> Result<Vec<Named>, String> {
    let table = DeTable::parse(text).map_err(|error| error.message().to_owned())?;
    let mut keys = Keys {
        text,
        found: Vec::new(),
    };
    keys.table("", table.get_ref());
    keys.found.sort_by_key(|named| named.place.name);
    Ok(keys.found)
}

struct Keys<'a> {
    text: &'a str,
    found: Vec<Named>,
}

impl Keys<'_> {
    fn table(&mut self, prefix: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let name = format!("{prefix}{}", key.get_ref());
            self.value(&name, key.span().start, value);
            if let DeValue::Table(inner) = value.get_ref() {
                self.table(&format!("{name}."), inner);
            }
        }
    }

    fn value(&mut self, name: &str, start: usize, value: &Spanned<DeValue<'_>>) {
        let first = self.line(start);
        let header = self.text.lines().nth(first - 1).unwrap_or_default();
        let last = if header.trim_start().starts_with('[') {
            self.section_end(first)
        } else {
            self.line(value.span().end.saturating_sub(1).max(start))
        };
        let place = Place {
            first,
            name: first,
            last,
        };
        self.found.push(Named {
            name: name.to_owned(),
            place,
        });
    }

    /// The last line of the section whose header stands in line `first`.
    fn section_end(&self, first: usize) -> usize {
        let below = self.text.lines().skip(first);
        let own: Vec<_> = below.take_while(|line| !line.starts_with('[')).collect();
        let blank = own
            .iter()
            .rev()
            .take_while(|line| line.trim().is_empty())
            .count();
        first + own.len() - blank
    }

    fn line(&self, offset: usize) -> usize {
        self.text[..offset].matches('\n').count() + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_sections_are_found() {
        let text = "\
a = 1
list = [
  2,
]

[package]
name = \"x\"

[workspace.dependencies]
axum = { version = \"1\" }
serde.workspace = true
";
        let keys = keys(text).unwrap();
        let find = |name: &str| keys.iter().find(|key| key.name == name).unwrap().place;
        let place = |first, last| Place {
            first,
            name: first,
            last,
        };
        assert_eq!(find("a"), place(1, 1));
        assert_eq!(find("list"), place(2, 4));
        assert_eq!(find("package"), place(6, 7));
        assert_eq!(find("package.name"), place(7, 7));
        assert_eq!(find("workspace.dependencies"), place(9, 11));
        assert_eq!(find("workspace.dependencies.axum"), place(10, 10));
        assert_eq!(find("workspace.dependencies.serde"), place(11, 11));
    }
}
