//! The tokens of a Rust file in one row.

use std::ops::Range;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A token that is no comment.
#[derive(Debug)]
pub struct Token {
    /// As it is written; an opening or closing brace for a group's ends.
    pub text: String,
    /// Where.
    pub range: Range<usize>,
}

/// Puts a stream in one row, without the documentation.
pub fn flatten(stream: TokenStream, into: &mut Vec<Token>) {
    for tree in stream {
        if let TokenTree::Group(group) = tree {
            let (open, close) = match group.delimiter() {
                Delimiter::Parenthesis => ("(", ")"),
                Delimiter::Brace => ("{", "}"),
                Delimiter::Bracket => ("[", "]"),
                Delimiter::None => ("", ""),
            };
            let start = into.len();
            push(into, open, group.span_open().byte_range());
            flatten(group.stream(), into);
            push(into, close, group.span_close().byte_range());
            // `#[doc = "…"]` is how the parser gives a comment that documents.
            if into.get(start + 1).is_some_and(|first| first.text == "doc") {
                into.truncate(start);
            }
        } else {
            push(into, &tree.to_string(), tree.span().byte_range());
        }
    }
}

fn push(into: &mut Vec<Token>, text: &str, range: Range<usize>) {
    let text = text.to_owned();
    into.push(Token { text, range });
}
