//! What a TypeScript, JavaScript or CSS file imports, and what its code mentions.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// An `import`, an `export … from` or an `@import`.
#[derive(Debug, PartialEq, Eq)]
pub struct Import {
    /// The whole statement.
    pub range: Range<usize>,
    /// The file or package, as it is written.
    pub from: String,
    /// The names that it brings into this file, each with its place in braces.
    pub names: Vec<Name>,
    /// Whether all that it brings is in `names`.
    pub only_names: bool,
}

/// A name in the braces of an import.
#[derive(Debug, PartialEq, Eq)]
pub struct Name {
    /// As this file calls it.
    pub name: String,
    /// From its first word to its last, without a comma.
    pub range: Range<usize>,
}

static STATEMENT: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r#"(?m)^(?:@import\s+|(?:import|export)\s+(?:(?<what>[^"';()]*?)\s+from\s+)?)(?<from>"[^"\n]*"|'[^'\n]*')\s*;"#;
    Regex::new(pattern).expect("a valid pattern")
});

/// Whether a file of this kind imports others.
pub fn is_source(path: &str) -> bool {
    matches!(
        path.rsplit_once('.').map_or("", |(_, kind)| kind),
        "ts" | "js" | "mjs" | "css"
    )
}

/// The imports of `text`.
pub fn imports(text: &str) -> Vec<Import> {
    let read = |found: regex::Captures<'_>| {
        let whole = found.get(0)?;
        let from = found.name("from")?.as_str();
        let exports = whole.as_str().starts_with("export");
        let what = found.name("what").filter(|_| !exports);
        let names = what.map_or(Vec::new(), |what| names(what.as_str(), what.start()));
        let braces = |what: &str| {
            let what = what.strip_prefix("type").unwrap_or(what).trim();
            what.starts_with('{') && what.ends_with('}')
        };
        Some(Import {
            range: whole.range(),
            from: from[1..from.len() - 1].to_owned(),
            names,
            only_names: what.is_some_and(|what| braces(what.as_str())),
        })
    };
    STATEMENT.captures_iter(text).filter_map(read).collect()
}

/// The files that `from`, written in the file at `path`, may mean: with the ending that it has, and with those that may be
/// left out. None for a package.
pub fn resolve(path: &str, from: &str) -> Vec<String> {
    if !from.starts_with('.') {
        return Vec::new();
    }
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in from.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let plain = parts.join("/");
    let bare = plain.strip_suffix(".js").unwrap_or(&plain).to_owned();
    vec![
        plain,
        format!("{bare}.ts"),
        format!("{bare}.mjs"),
        format!("{bare}/index.ts"),
    ]
}

/// `text` with everything that is no code made blank: comments, strings, and the imports. What stands in `${…}` is code.
pub fn code(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for import in imports(text) {
        blank(&mut bytes, import.range);
    }
    let mut position = 0;
    let mut templates: Vec<usize> = Vec::new();
    let mut before = b';';
    while position < bytes.len() {
        let rest = &bytes[position..];
        let end = match rest {
            [b'/', b'/', ..] => position + until(rest, b"\n"),
            [b'/', b'*', ..] => position + until(rest, b"*/") + 2,
            [b'/', ..] if b"(,=:[!&|?{};+".contains(&before) => position + quoted(rest),
            [b'"' | b'\'', ..] => position + quoted(rest),
            [b'`', ..] => position + template(rest, &mut templates),
            [b'}', ..] if templates.last() == Some(&0) => {
                templates.pop();
                position + template(rest, &mut templates)
            }
            [byte, ..] => {
                match (byte, templates.last_mut()) {
                    (b'{', Some(depth)) => *depth += 1,
                    (b'}', Some(depth)) => *depth -= 1,
                    _ => {}
                }
                if !byte.is_ascii_whitespace() {
                    before = *byte;
                }
                position += 1;
                continue;
            }
            [] => break,
        };
        let end = end.min(bytes.len());
        if !matches!(rest, [b'/', b'/' | b'*', ..]) {
            before = b'"';
        }
        // Inside of `${` code goes on, and its first byte may be anything.
        if templates.last() == Some(&0) && bytes[..end].ends_with(b"${") {
            before = b'(';
        }
        blank(&mut bytes, position..end);
        position = end;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether `code` mentions `name`, and not as the member of something.
pub fn mentions(code: &str, name: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    code.match_indices(name).any(|(start, _)| {
        let before = &code[..start];
        let member = before.ends_with(['.', '#']) && !before.ends_with("...");
        let after = &code[start + name.len()..];
        !member && !before.ends_with(part) && !after.starts_with(part)
    })
}

/// The names in the braces of `what`, which stands at `offset`.
fn names(what: &str, offset: usize) -> Vec<Name> {
    let Some((open, close)) = what.find('{').zip(what.rfind('}')) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut start = open + 1;
    for part in what[open + 1..close].split(',') {
        let begin = start + part.len() - part.trim_start().len();
        let words = part.trim();
        start += part.len() + 1;
        let Some(name) = words.split_whitespace().last() else {
            continue;
        };
        found.push(Name {
            name: name.to_owned(),
            range: offset + begin..offset + begin + words.len(),
        });
    }
    found
}

/// The length of a string or of a regular expression, with both of its signs.
fn quoted(text: &[u8]) -> usize {
    let mut position = 1;
    let mut class = false;
    while position < text.len() {
        match text[position] {
            b'\\' => position += 1,
            b'\n' => return position,
            b'[' if text[0] == b'/' => class = true,
            b']' => class = false,
            byte if byte == text[0] && !class => return position + 1,
            _ => {}
        }
        position += 1;
    }
    position
}

/// The length of a part of a template: to its end, or to a `${`, in which case `open` is told of it.
fn template(text: &[u8], open: &mut Vec<usize>) -> usize {
    let mut position = 1;
    while position < text.len() {
        match &text[position..] {
            [b'\\', ..] => position += 1,
            [b'`', ..] => return position + 1,
            [b'$', b'{', ..] => {
                open.push(0);
                return position + 2;
            }
            _ => {}
        }
        position += 1;
    }
    position
}

fn until(text: &[u8], end: &[u8]) -> usize {
    let found = text.windows(end.len()).position(|window| window == end);
    found.unwrap_or(text.len())
}

fn blank(bytes: &mut [u8], range: Range<usize>) {
    for byte in &mut bytes[range] {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}
