//! The `use` items of Rust: what they name, and by which part of the text.

use std::ops::Range;

use syn::spanned::Spanned;
use syn::{Attribute, ItemUse, UseTree, Visibility};

use crate::source::tokens::Token;

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

/// Reads an item that stands in the inline module `module`.
pub fn read_use(item: &ItemUse, module: &[String]) -> Use {
    let documented = |attribute: &Attribute| attribute.path().is_ident("doc");
    Use {
        range: item.span().byte_range(),
        public: !matches!(item.vis, Visibility::Inherited),
        attributes: item.attrs.iter().any(|attribute| !documented(attribute)),
        module: module.to_vec(),
        tree: node(&item.tree),
    }
}

/// Reads an item in a function from its tokens, which are put at their places again by spaces; none if it is no item.
pub fn read_use_in_function(words: &[Token], module: &[String]) -> Option<Use> {
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
