//! What a Rust file imports, declares and mentions, with the place of each in the text.

use std::collections::BTreeSet;
use std::ops::Range;

use proc_macro2::TokenStream;
use syn::spanned::Spanned;
use syn::{Attribute, Item};

use crate::source::imports::{Use, leaves, read_use, read_use_in_function};
use crate::source::tokens::{Token, flatten};

/// A Rust file, read.
#[derive(Debug, Default)]
pub struct RustFile {
    /// The `mod x;` of the file.
    pub declarations: Vec<Declaration>,
    /// Its `use` items, those in functions, too.
    pub uses: Vec<Use>,
    /// The modules whose body stands in the file, outer before inner.
    pub inline: Vec<Inline>,
    /// Its other tokens, in order. Comments are none, and documentation is left out.
    pub tokens: Vec<Token>,
}

/// A `mod x;`.
#[derive(Debug)]
pub struct Declaration {
    /// The module's name.
    pub name: String,
    /// Where `#[path = "…"]` says that it is.
    pub path: Option<String>,
    /// The inline module that it stands in, from the file's own.
    pub module: Vec<String>,
    /// With the attributes and the documentation above it.
    pub range: Range<usize>,
}

/// A module whose body stands in the file.
#[derive(Debug)]
pub struct Inline {
    /// Its path from the file's own module.
    pub path: Vec<String>,
    /// Whether it is there in tests only.
    pub test: bool,
    /// From its first attribute to its last brace.
    pub range: Range<usize>,
}

impl RustFile {
    /// Reads `text`.
    ///
    /// # Errors
    /// When it is not valid Rust, with the line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let explained = |error: syn::Error| {
            let line = error.span().start().line;
            format!("{line}: this is not valid Rust: {error}")
        };
        let stream: TokenStream = text
            .parse()
            .map_err(|error: proc_macro2::LexError| explained(error.into()))?;
        let file: syn::File = syn::parse2(stream.clone()).map_err(explained)?;
        let mut read = Self::default();
        read.items(&file.items, &[]);
        let mut tokens = Vec::new();
        flatten(stream, &mut tokens);
        read.tokens = read.outside_of_imports(tokens)?;
        // The text of everything that was ever read is kept for messages, until it is thrown away.
        proc_macro2::extra::invalidate_current_thread_spans();
        Ok(read)
    }

    /// The inline module in which the byte at `position` stands, from the file's own.
    pub fn module_at(&self, position: usize) -> &[String] {
        let within = |inline: &&Inline| inline.range.contains(&position);
        let innermost = self.inline.iter().rev().find(within);
        innermost.map_or(&[], |inline| &inline.path)
    }

    /// Whether `name` is mentioned where an import in `module` reaches and is counted as used: there and in the modules
    /// inside, but for those of tests.
    pub fn mentions(&self, module: &[String], name: &str) -> bool {
        let braces = format!("{{{name}");
        let reached = |position: usize| {
            let around = |inline: &&Inline| inline.range.contains(&position);
            let inside = |inline: &Inline| {
                inline.path.starts_with(module) && inline.path.len() > module.len()
            };
            self.module_at(position).starts_with(module)
                && !self
                    .inline
                    .iter()
                    .filter(around)
                    .any(|inline| inline.test && inside(inline))
        };
        let named = self.tokens.iter().enumerate().any(|(index, token)| {
            let before = |back: usize| {
                let index = index.checked_sub(back)?;
                Some(self.tokens[index].text.as_str())
            };
            // A field, a method, the end of a path or a function's own name is not what was imported.
            let other = match before(1) {
                Some(".") => before(2) != Some("."),
                Some(":") => before(2) == Some(":"),
                Some("fn") => true,
                _ => false,
            };
            let captured = || {
                let after = token.text.split(&braces).skip(1);
                token.text.starts_with(['"', 'r'])
                    && after.into_iter().any(|rest| rest.starts_with(['}', ':']))
            };
            ((token.text == name && !other) || captured()) && reached(token.range.start)
        });
        let imported = |item: &Use| {
            let itself = leaves(&item.tree)
                .iter()
                .any(|leaf| leaf.name.as_deref() == Some(name));
            !itself
                && item.module.starts_with(module)
                && item.tree.path.first().is_some_and(|first| first == name)
        };
        named || self.uses.iter().any(imported)
    }

    /// Whether the code names the crate `name`: at the beginning of a path, or in an import.
    pub fn names_crate(&self, name: &str) -> bool {
        let text = |index: usize| self.tokens.get(index).map_or("", |token| &token.text);
        let is_name = |text: &str| text.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        let in_code = self.tokens.iter().enumerate().any(|(index, token)| {
            let continues = text(index + 1) == ":" && text(index + 2) == ":";
            let begins = match index.checked_sub(1).map(text) {
                // `::name` begins at the crates.
                Some(":") => index < 3 || !is_name(text(index - 3)),
                Some(".") => false,
                _ => true,
            };
            token.text == name && continues && begins
        });
        let mut imported = self.uses.iter().flat_map(|item| leaves(&item.tree));
        in_code || imported.any(|leaf| leaf.path.first().is_some_and(|first| first == name))
    }

    /// The names that the file defines or imports, those of methods, too: none of them can be what a path leads to.
    pub fn names(&self) -> BTreeSet<String> {
        const KINDS: [&str; 9] = [
            "struct", "enum", "fn", "type", "trait", "const", "static", "mod", "union",
        ];
        let pairs = self.tokens.windows(2);
        let defined = pairs.filter(|pair| KINDS.contains(&pair[0].text.as_str()));
        let imported = self.uses.iter().flat_map(|item| leaves(&item.tree));
        defined
            .map(|pair| pair[1].text.clone())
            .chain(imported.filter_map(|leaf| leaf.name))
            .collect()
    }

    fn items(&mut self, items: &[Item], module: &[String]) {
        for item in items {
            match item {
                Item::Use(item) => self.uses.push(read_use(item, module)),
                Item::Mod(item) => {
                    let range = item.span().byte_range();
                    let name = item.ident.to_string();
                    let Some((_, content)) = &item.content else {
                        self.declarations.push(Declaration {
                            name,
                            path: item.attrs.iter().find_map(path_of),
                            module: module.to_vec(),
                            range,
                        });
                        continue;
                    };
                    let path = [module, &[name]].concat();
                    self.inline.push(Inline {
                        path: path.clone(),
                        test: item.attrs.iter().any(is_for_tests),
                        range,
                    });
                    self.items(content, &path);
                }
                _ => {}
            }
        }
    }

    /// Takes the `use` items out of `tokens`; those that stand in functions are found here.
    fn outside_of_imports(&mut self, tokens: Vec<Token>) -> Result<Vec<Token>, String> {
        let mut rest = Vec::new();
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            if let Some(known) = self
                .uses
                .iter()
                .find(|item| item.range.contains(&token.range.start))
            {
                debug_assert!(known.range.end >= token.range.end);
                continue;
            }
            // The other `use` of the language stands in a type: `impl Trait + use<'_>`.
            let is_item = token.text == "use" && tokens.peek().is_some_and(|next| next.text != "<");
            if !is_item {
                rest.push(token);
                continue;
            }
            let start = token.range.start;
            let module = self.module_at(start).to_vec();
            let mut words = vec![token];
            while words.last().is_some_and(|word| word.text != ";") {
                let Some(next) = tokens.next() else { break };
                words.push(next);
            }
            if let Some(item) = read_use_in_function(&words, &module) {
                self.uses.push(item);
            } else {
                rest.extend(words);
            }
        }
        Ok(rest)
    }
}

fn path_of(attribute: &Attribute) -> Option<String> {
    let syn::Meta::NameValue(meta) = &attribute.meta else {
        return None;
    };
    let syn::Expr::Lit(syn::ExprLit {
        lit: syn::Lit::Str(path),
        ..
    }) = &meta.value
    else {
        return None;
    };
    meta.path.is_ident("path").then(|| path.value())
}

fn is_for_tests(attribute: &Attribute) -> bool {
    let syn::Meta::List(list) = &attribute.meta else {
        return false;
    };
    list.path.is_ident("cfg") && list.tokens.to_string() == "test"
}
