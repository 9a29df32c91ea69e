//! The items of a Rust file.

use proc_macro2::Ident;
use syn::spanned::Spanned;
use syn::{Fields, ImplItem, Item, TraitItem, Type};

use super::place::{Named, Place};

/// All items of `text` by their path in the file, such as `tests::helper` or `Type::method`.
pub fn items(text: &str) -> Result<Vec<Named>, String> {
    let file = syn::parse_file(text).map_err(|error| {
        format!(
            "is not valid Rust (line {}): {error}",
            error.span().start().line
        )
    })?;
    let mut found = Found {
        prefix: String::new(),
        items: Vec::new(),
    };
    found.all(&file.items);
    Ok(found.items)
}

struct Found {
    prefix: String,
    items: Vec<Named>,
}

impl Found {
    fn all(&mut self, items: &[Item]) {
        for item in items {
            self.item(item);
        }
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Const(it) => self.add(&it.ident, it),
            Item::Fn(it) => self.add(&it.sig.ident, it),
            Item::Static(it) => self.add(&it.ident, it),
            Item::Type(it) => self.add(&it.ident, it),
            Item::Macro(it) => {
                if let Some(name) = &it.ident {
                    self.add(name, it);
                }
            }
            Item::Struct(it) => {
                self.add(&it.ident, it);
                self.within(&it.ident.to_string(), |found| found.fields(&it.fields));
            }
            Item::Union(it) => self.add(&it.ident, it),
            Item::Enum(it) => {
                self.add(&it.ident, it);
                self.within(&it.ident.to_string(), |found| {
                    for variant in &it.variants {
                        found.add(&variant.ident, variant);
                    }
                });
            }
            Item::Mod(it) => {
                self.add(&it.ident, it);
                if let Some((_, items)) = &it.content {
                    self.within(&it.ident.to_string(), |found| found.all(items));
                }
            }
            Item::Trait(it) => {
                self.add(&it.ident, it);
                self.within(&it.ident.to_string(), |found| {
                    for item in &it.items {
                        match item {
                            TraitItem::Const(it) => found.add(&it.ident, it),
                            TraitItem::Fn(it) => found.add(&it.sig.ident, it),
                            TraitItem::Type(it) => found.add(&it.ident, it),
                            _ => {}
                        }
                    }
                });
            }
            Item::Impl(it) => {
                // The impl block itself has no name of its own.
                let Type::Path(path) = &*it.self_ty else {
                    return;
                };
                let Some(last) = path.path.segments.last() else {
                    return;
                };
                self.within(&last.ident.to_string(), |found| {
                    for item in &it.items {
                        match item {
                            ImplItem::Const(it) => found.add(&it.ident, it),
                            ImplItem::Fn(it) => found.add(&it.sig.ident, it),
                            ImplItem::Type(it) => found.add(&it.ident, it),
                            _ => {}
                        }
                    }
                });
            }
            _ => {}
        }
    }

    fn fields(&mut self, fields: &Fields) {
        for field in fields {
            if let Some(name) = &field.ident {
                self.add(name, field);
            }
        }
    }

    fn within(&mut self, name: &str, add: impl FnOnce(&mut Self)) {
        let outer = self.prefix.len();
        self.prefix += name;
        self.prefix += "::";
        add(self);
        self.prefix.truncate(outer);
    }

    fn add(&mut self, name: &Ident, item: &impl Spanned) {
        let (span, ident) = (item.span(), name.span());
        let place = Place {
            first: span.start().line,
            name: ident.start().line,
            last: span.end().line,
        };
        self.items.push(Named {
            name: format!("{}{name}", self.prefix),
            place,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_item_is_found() {
        let text = "\
/// Doc.
#[derive(Debug)]
pub struct S<T> {
    /// Doc.
    pub field: T,
}
enum E {
    A,
}
impl<T> S<T> {
    /// Doc.
    pub async fn method(&self) {
        a();
    }
}
trait T {
    fn required();
}
mod m {
    const C: u8 = 1;
}
static X: u8 = 1;
type Y = u8;
macro_rules! mac {
    () => {};
}
";
        let items = items(text).unwrap();
        let names: Vec<_> = items.iter().map(|item| item.name.as_str()).collect();
        let expected = "S S::field E E::A S::method T T::required m m::C X Y mac";
        assert_eq!(names.join(" "), expected);
        let place = |name: &str| items.iter().find(|item| item.name == name).unwrap().place;
        assert_eq!(
            place("S"),
            Place {
                first: 1,
                name: 3,
                last: 6
            }
        );
        assert_eq!(
            place("S::field"),
            Place {
                first: 4,
                name: 5,
                last: 5
            }
        );
        assert_eq!(
            place("S::method"),
            Place {
                first: 11,
                name: 12,
                last: 14
            }
        );
        assert_eq!(
            place("mac"),
            Place {
                first: 24,
                name: 24,
                last: 26
            }
        );
    }

    #[test]
    fn what_is_no_rust_is_named() {
        let error = items("fn a() {}\nfn {").err().unwrap();
        assert!(error.starts_with("is not valid Rust (line 2)"), "{error}");
    }
}
