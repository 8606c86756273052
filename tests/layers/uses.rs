//! The paths that the items of a module have: in imports, in code, in macros, and in attributes like serde's.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItem, Item, ItemUse, Path, Stmt, TraitItem, VisRestricted};

use crate::tree::{attributes, is_for_tests, leaves};

/// A path in a module.
#[derive(Debug)]
pub struct Use {
    pub line: usize,
    pub path: Vec<String>,
    /// What an import calls it.
    pub name: Option<String>,
    /// An import of all that a module has.
    pub is_glob: bool,
}

impl Use {
    pub fn is_import(&self) -> bool {
        self.name.is_some() || self.is_glob
    }
}

/// The paths of these items, but not those in the modules among them.
pub fn of(items: &[Item]) -> Vec<Use> {
    let mut found = Found::default();
    items.iter().for_each(|item| found.visit_item(item));
    found.uses
}

#[derive(Default)]
struct Found {
    uses: Vec<Use>,
}

impl Found {
    fn path(&mut self, line: usize, path: Vec<String>) {
        self.uses.push(Use { line, path, name: None, is_glob: false });
    }

    /// What looks like a path, where the compiler has no syntax yet: in the arguments of a macro or an attribute.
    fn tokens(&mut self, tokens: TokenStream, is_attribute: bool) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token {
                TokenTree::Group(group) if group.delimiter() != Delimiter::None || !is_attribute => {
                    self.tokens(group.stream(), is_attribute);
                }
                TokenTree::Literal(literal) if is_attribute => {
                    if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                        self.text(literal.span().start().line, &text.value());
                    }
                }
                TokenTree::Ident(first) => {
                    let mut path = vec![first.to_string()];
                    while let Some(TokenTree::Ident(next)) = tokens.get(at + 2).filter(|_| is_colons(&tokens[at..])) {
                        path.push(next.to_string());
                        at += 3;
                    }
                    // A name alone is one that the module has, by an import or by itself.
                    if path.len() > 1 {
                        self.path(first.span().start().line, path);
                    }
                }
                TokenTree::Punct(_) if is_colons(&tokens[at - 1..]) => {
                    // `::name` or `<T>::name`: of another crate, or of a type.
                    at += 1;
                    while matches!(tokens.get(at), Some(TokenTree::Ident(_))) {
                        at += 1;
                        if is_colons(&tokens[at..]) {
                            at += 2;
                        } else {
                            break;
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// A text in an attribute, such as `with = "super::id"`. One word may be a module.
    fn text(&mut self, line: usize, text: &str) {
        if let Ok(path) = syn::parse_str::<Path>(text) {
            self.path(line, segments(&path));
        }
    }
}

impl<'ast> Visit<'ast> for Found {
    fn visit_item(&mut self, item: &'ast Item) {
        if !matches!(item, Item::Mod(_)) && !is_for_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let attributes: &[Attribute] = match item {
            ImplItem::Const(item) => &item.attrs,
            ImplItem::Fn(item) => &item.attrs,
            ImplItem::Type(item) => &item.attrs,
            _ => &[],
        };
        if !is_for_tests(attributes) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_trait_item(&mut self, item: &'ast TraitItem) {
        if !matches!(item, TraitItem::Fn(item) if is_for_tests(&item.attrs)) {
            visit::visit_trait_item(self, item);
        }
    }

    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        if !matches!(statement, Stmt::Local(local) if is_for_tests(&local.attrs)) {
            visit::visit_stmt(self, statement);
        }
    }

    fn visit_item_use(&mut self, import: &'ast ItemUse) {
        if import.leading_colon.is_some() {
            return;
        }
        let mut found = Vec::new();
        leaves(&import.tree, &[], &mut found);
        let line = import.span().start().line;
        let import = |(path, name): (_, Option<String>)| Use { line, path, is_glob: name.is_none(), name };
        self.uses.extend(found.into_iter().map(import));
    }

    fn visit_path(&mut self, path: &'ast Path) {
        if path.leading_colon.is_none() && path.segments.len() > 1 {
            self.path(path.span().start().line, segments(path));
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.visit_path(&call.path);
        self.tokens(call.tokens.clone(), false);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        match &attribute.meta {
            syn::Meta::List(list) => self.tokens(list.tokens.clone(), true),
            // Documentation is free to name what is above.
            syn::Meta::NameValue(_) | syn::Meta::Path(_) => {}
        }
    }

    /// `pub(super)` uses nothing.
    fn visit_vis_restricted(&mut self, _: &'ast VisRestricted) {}
}

fn segments(path: &Path) -> Vec<String> {
    path.segments.iter().map(|segment| segment.ident.to_string()).collect()
}

fn is_colons(tokens: &[TokenTree]) -> bool {
    matches!(
        tokens,
        [TokenTree::Punct(first), TokenTree::Punct(second), ..]
            if first.as_char() == ':' && first.spacing() == Spacing::Joint && second.as_char() == ':'
    )
}
