//! Takes pieces out of a text and leaves the rest as it is, byte for byte.

use std::ops::Range;

/// `text` without `ranges`, which may come in any order.
pub fn without(text: &str, mut ranges: Vec<Range<usize>>) -> String {
    ranges.sort_by_key(|range| range.start);
    let mut kept = String::new();
    let mut position = 0;
    for range in ranges {
        if range.start > position {
            kept += &text[position..range.start];
        }
        position = position.max(range.end);
    }
    kept + &text[position..]
}

/// A statement, with the lines that it has for itself and a comment behind it. Of two blank lines that would then meet,
/// one goes.
pub fn statement(text: &str, range: Range<usize>) -> Range<usize> {
    let Some(Range { start, end }) = alone(text, &range) else {
        return range;
    };
    let above = text[..start].strip_suffix('\n').map(|above| {
        let line = above.rsplit('\n').next().unwrap_or(above);
        line.trim().is_empty()
    });
    let below = text[end..].split_inclusive('\n').next();
    let blank = below.filter(|line| line.trim().is_empty());
    match blank {
        Some(line) if above.unwrap_or(true) => start..end + line.len(),
        _ => start..end,
    }
}

/// A member of a list, with the comma behind it and the line that it has for itself.
pub fn member(text: &str, range: Range<usize>) -> Range<usize> {
    let after = &text[range.end..];
    let spaces = after.len() - after.trim_start().len();
    let end = match after.trim_start().strip_prefix(',') {
        Some(_) => range.end + spaces + 1,
        None => range.end,
    };
    if let Some(lines) = alone(text, &(range.start..end)) {
        return lines;
    }
    let after = &text[end..];
    let blanks = after.len() - after.trim_start_matches(' ').len();
    range.start..end + blanks
}

/// The whole lines of `range`, if nothing but a comment shares them with it.
fn alone(text: &str, range: &Range<usize>) -> Option<Range<usize>> {
    let start = text[..range.start].rfind('\n').map_or(0, |found| found + 1);
    let end = text[range.end..]
        .find('\n')
        .map_or(text.len(), |found| range.end + found + 1);
    let (before, after) = (&text[start..range.start], text[range.end..end].trim());
    let comment = after.is_empty() || after.starts_with("//") || after.starts_with('#');
    (before.trim().is_empty() && comment).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, piece: &str, of: fn(&str, Range<usize>) -> Range<usize>) -> String {
        let start = text.find(piece).unwrap();
        let range = of(text, start..start + piece.len());
        without(text, vec![range])
    }

    #[test]
    fn a_statement_takes_its_line_along() {
        assert_eq!(cut("a;\nb; // why\nc;\n", "b;", statement), "a;\nc;\n");
        assert_eq!(cut("a;\n\nb;\n\nc;\n", "b;", statement), "a;\n\nc;\n");
        assert_eq!(cut("a; b; c;\n", "b;", statement), "a;  c;\n");
        assert_eq!(cut("b;\n\nc;", "b;", statement), "c;");
    }

    #[test]
    fn a_member_takes_its_comma_along() {
        assert_eq!(cut("{a, b, c}", "b", member), "{a, c}");
        assert_eq!(cut("{a, b}", "b", member), "{a, }");
        assert_eq!(
            cut("{\n  a,\n  b, // why\n  c,\n}", "b", member),
            "{\n  a,\n  c,\n}"
        );
    }
}
