//! What a Rust file imports, declares and mentions, with the place of each in the text.

use std::collections::BTreeSet;
use std::ops::Range;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::{Attribute, Item, ItemUse, UseTree, Visibility};

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

/// A `use` item.
#[derive(Debug)]
pub struct Use {
    /// With the attributes and the documentation above it.
    pub range: Range<usize>,
    /// Whether others can get at what it names.
    pub public: bool,
    /// Whether an attribute keeps it, such as `#[allow(unused_imports)]` or `#[cfg(…)]`.
    pub attributes: bool,
    /// The inline module that it stands in, from the file's own.
    pub module: Vec<String>,
    /// What it names.
    pub tree: Node,
}

/// A part of a `use`: a path that ends in a name, a `*` or a group.
#[derive(Debug)]
pub struct Node {
    /// From its first segment to its end.
    pub range: Range<usize>,
    /// The segments before the end, of this node alone.
    pub path: Vec<String>,
    /// What it ends in.
    pub end: End,
}

/// One of the paths that a `use` names.
#[derive(Debug)]
pub struct Leaf {
    /// From its first segment to its last, which may be `*`. `self` in a group is the group's path.
    pub path: Vec<String>,
    /// The name that it gives to what it leads to; none for `*` and `as _`.
    pub name: Option<String>,
}

/// What a part of a `use` ends in.
#[derive(Debug)]
pub enum End {
    /// A name, and the one that it has here.
    Name(String, String),
    /// `*`.
    Glob,
    /// `{…}`.
    Group(Vec<Node>),
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

/// A token that is no comment.
#[derive(Debug)]
pub struct Token {
    /// As it is written; an opening or closing brace for a group's ends.
    pub text: String,
    /// Where.
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

/// The paths that a `use` names.
pub fn leaves(tree: &Node) -> Vec<Leaf> {
    leaves_of(tree, &[])
}

/// The paths that a part of a `use` names which stands in groups that `before` leads to.
pub fn leaves_of(part: &Node, before: &[String]) -> Vec<Leaf> {
    let mut found = Vec::new();
    collect(part, before, &mut found);
    found
}

fn collect(node: &Node, before: &[String], found: &mut Vec<Leaf>) {
    let mut path = [before, &node.path].concat();
    let name = match &node.end {
        End::Group(nodes) => {
            return nodes.iter().for_each(|node| collect(node, &path, found));
        }
        End::Glob => {
            path.push("*".to_owned());
            None
        }
        End::Name(name, here) => {
            if name != "self" || path.is_empty() {
                path.push(name.clone());
            }
            let here = if here == "self" {
                path.last()
            } else {
                Some(here)
            };
            here.filter(|here| *here != "_").cloned()
        }
    };
    found.push(Leaf { path, name });
}

fn read_use(item: &ItemUse, module: &[String]) -> Use {
    let documented = |attribute: &Attribute| attribute.path().is_ident("doc");
    Use {
        range: item.span().byte_range(),
        public: !matches!(item.vis, Visibility::Inherited),
        attributes: item.attrs.iter().any(|attribute| !documented(attribute)),
        module: module.to_vec(),
        tree: node(&item.tree),
    }
}

/// Such an item is read from its tokens, put at their places again by spaces.
fn read_use_in_function(words: &[Token], module: &[String]) -> Option<Use> {
    let start = words.first()?.range.start;
    let mut text = String::new();
    for word in words {
        text.extend(std::iter::repeat_n(
            ' ',
            word.range.start - start - text.len(),
        ));
        text += &word.text;
    }
    let mut item = read_use(&syn::parse_str(&text).ok()?, module);
    item.range = start..start + item.range.end;
    shift(&mut item.tree, start);
    Some(item)
}

fn shift(node: &mut Node, by: usize) {
    node.range = node.range.start + by..node.range.end + by;
    if let End::Group(nodes) = &mut node.end {
        nodes.iter_mut().for_each(|node| shift(node, by));
    }
}

fn node(tree: &UseTree) -> Node {
    let range = tree.span().byte_range();
    let (path, end) = match tree {
        UseTree::Path(path) => {
            let inner = node(&path.tree);
            let first = vec![path.ident.to_string()];
            return Node {
                range,
                path: [first, inner.path].concat(),
                end: inner.end,
            };
        }
        UseTree::Name(name) => {
            let name = name.ident.to_string();
            (Vec::new(), End::Name(name.clone(), name))
        }
        UseTree::Rename(rename) => {
            let (name, here) = (rename.ident.to_string(), rename.rename.to_string());
            (Vec::new(), End::Name(name, here))
        }
        UseTree::Glob(_) => (Vec::new(), End::Glob),
        UseTree::Group(group) => {
            let nodes = group.items.iter().map(node).collect();
            (Vec::new(), End::Group(nodes))
        }
    };
    Node { range, path, end }
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

/// Puts a stream in one row, without the documentation.
fn flatten(stream: TokenStream, into: &mut Vec<Token>) {
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
