//! Finds in a file what a walkthrough names: an item, a key or a piece of text.

mod place;
mod rust;
mod toml_keys;
mod yaml;

pub use place::Place;

use place::Named;

/// Finds `anchor` in the file `path`, which holds `text`.
///
/// # Errors
/// When there is none or, but for a piece of text, more than one; the message says what there is.
pub fn locate(path: &str, text: &str, anchor: &str) -> Result<Place, String> {
    let quoted = anchor
        .strip_prefix('"')
        .and_then(|anchor| anchor.strip_suffix('"'));
    if let Some(piece) = quoted {
        return piece_of(text, piece);
    }
    match path.rsplit_once('.').map_or("", |(_, kind)| kind) {
        "rs" => choose(&rust::items(text)?, anchor, "::"),
        "yml" | "yaml" => choose(&yaml::keys(text), anchor, "."),
        "toml" => choose(&toml_keys::keys(text)?, anchor, "."),
        _ => piece_of(text, anchor),
    }
}

/// The first line that holds `piece`.
fn piece_of(text: &str, piece: &str) -> Result<Place, String> {
    let index = text.lines().position(|line| line.contains(piece));
    let line = index.ok_or_else(|| format!("no line holds `{piece}`"))? + 1;
    Ok(Place {
        first: line,
        name: line,
        last: line,
    })
}

/// The one of `all` that is called `wanted`, in full or by the end of its name.
fn choose(all: &[Named], wanted: &str, separator: &str) -> Result<Place, String> {
    let ending = format!("{separator}{wanted}");
    let exact: Vec<_> = all.iter().filter(|named| named.name == wanted).collect();
    let found = if exact.is_empty() {
        all.iter()
            .filter(|named| named.name.ends_with(&ending))
            .collect()
    } else {
        exact
    };
    match found.as_slice() {
        [one] => Ok(one.place),
        [] => {
            let names: Vec<_> = all.iter().map(|named| named.name.as_str()).collect();
            Err(format!(
                "there is no `{wanted}`; there are {}",
                names.join(", ")
            ))
        }
        several => {
            let show = |named: &&Named| format!("{} (line {})", named.name, named.place.name);
            let shown: Vec<_> = several.iter().map(show).collect();
            let shown = shown.join(", ");
            Err(format!(
                "`{wanted}` may be {shown}; name one in full, or quote its text"
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(first: usize, name: usize, last: usize) -> Result<Place, String> {
        Ok(Place { first, name, last })
    }

    #[test]
    fn the_end_of_a_name_is_enough_where_it_is_clear() {
        let text =
            "struct A;\nimpl A {\n    fn f() {}\n    fn g() {}\n}\nmod m {\n    fn f() {}\n}\n";
        assert_eq!(locate("a.rs", text, "g"), place(4, 4, 4));
        assert_eq!(locate("a.rs", text, "A::f"), place(3, 3, 3));
        let error = locate("a.rs", text, "f").unwrap_err();
        assert_eq!(
            error,
            "`f` may be A::f (line 3), m::f (line 7); name one in full, or quote its text"
        );
        let error = locate("a.rs", "fn f() {}", "x").unwrap_err();
        assert_eq!(error, "there is no `x`; there are f");
    }

    #[test]
    fn text_is_found_anywhere() {
        assert_eq!(
            locate("a.rs", "fn a() {}\n// here it is\n", "\"here it\""),
            place(2, 2, 2)
        );
        assert_eq!(locate("a.sh", "a\nb c\n", "b c"), place(2, 2, 2));
        assert_eq!(locate("a.sh", "a\n", "b").unwrap_err(), "no line holds `b`");
    }
}
