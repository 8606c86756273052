//! What the checker finds in small crates.

use std::collections::BTreeSet;

use crate::graph::Graph;
use crate::tree::{Files, Tree};

/// A crate in which nothing is wrong: two layers, of which the upper one has two files.
const SOUND: [(&str, &str); 5] = [
    ("src/lib.rs", "pub mod high; pub mod low; mod beside;"),
    (
        "src/high.rs",
        "mod part; use crate::low; use part::Part; fn go(_: Part) { low::act(); } #[cfg(test)] mod tests { use crate::top; }",
    ),
    ("src/high/part.rs", "pub struct Part(crate::low::deep::Deep);"),
    ("src/low/mod.rs", "pub mod deep; pub use deep::{Deep as Renamed, act};"),
    ("src/low/deep.rs", "pub struct Deep; pub fn act() {}"),
];
const LAYERS: &[&[&str]] = &[&["main", "lib"], &["high"], &["low", "beside"]];

/// The crate with other texts, or more files.
fn graph(changes: &[(&str, &str)]) -> Graph {
    let files = SOUND.iter().chain(&[("src/beside.rs", "")]).chain(changes);
    let files: Files = files.map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    Graph::of(&Tree::read("src", "ours", &files))
}

fn circle(changes: &[(&str, &str)]) -> BTreeSet<String> {
    let circles = graph(changes).circles();
    assert_eq!(circles.len(), 1, "{circles:?}");
    circles.into_iter().next().unwrap()
}

fn up(changes: &[(&str, &str)]) -> Vec<String> {
    graph(changes).upward("src", LAYERS)
}

#[test]
fn nothing_is_wrong_with_a_sound_crate() {
    assert_eq!(graph(&[]).circles(), []);
    assert_eq!(up(&[]), [""; 0]);
}

/// However the child of `high`, which `high` uses, names what `high` defines.
#[test]
fn a_circle_is_found_however_it_is_written() {
    for text in [
        "pub struct Part; use super::go;",
        "pub struct Part; use crate::{low::{self}, high::{go as walk}};",
        "pub struct Part; fn f() { super::go() }",
        "pub struct Part; fn f() { use crate::high; high::go() }",
        "pub struct Part; fn f() { println!(\"{}\", [crate::high::go()]) }",
        "pub struct Part; mod inner { fn f(_: fn() -> super::super::go) {} }",
        "pub struct Part; use super::*;",
        "pub struct Part; use super as above; fn f() { above::go::<u8>() }",
        "use crate::high; #[serde(with = \"high\")] pub struct Part;",
        "pub struct Part { #[serde(deserialize_with = \"super::go\")] a: u8 }",
        "pub struct Part; macro_rules! call { () => { $crate::high::go() } }",
        "pub struct Part; #[cfg(not(test))] use super::go;",
        "pub struct Part; impl Part { fn f() -> Vec<crate::high::Made> {} }",
    ] {
        let circle = circle(&[("src/high/part.rs", text)]);
        assert_eq!(circle, BTreeSet::from(["src/high.rs".into(), "src/high/part.rs".into()]), "{text}");
    }
}

#[test]
fn no_circle_is_made_of_words_alone() {
    for text in [
        "pub struct Part; #[cfg(test)] use super::go;",
        "pub struct Part; #[cfg(all(test, unix))] mod tests { use super::super::go; }",
        "pub struct Part; impl Part { #[cfg(test)] fn f() { super::go() } }",
        "/// See [`super::go`].\npub struct Part; // super::go",
        "pub(super) struct Part; pub(in crate::high) fn f() {}",
        "pub struct Part; fn f() { other::high::go(); ::high::go(); <Part>::high::go() }",
        "pub struct Part; fn f() { println!(\"super::go\", ::high::go(), <Part>::high::go()) }",
    ] {
        assert_eq!(graph(&[("src/high/part.rs", text)]).circles(), [] as [BTreeSet<String>; 0], "{text}");
    }
}

#[test]
fn what_a_parent_takes_from_a_child_is_the_child_s() {
    let siblings = [
        ("src/high.rs", "mod a; mod part; pub use part::Part; use a::A; pub use a::inner::*; fn f(_: A) { part::f() }"),
        ("src/high/a.rs", "use super::Part; pub struct A(Part, crate::high::Part); pub mod inner { pub struct In; }"),
    ];
    let of_part = |text| [siblings[0], siblings[1], ("src/high/part.rs", text)];
    assert_eq!(graph(&of_part("pub struct Part; pub fn f() {}")).circles(), []);
    for text in ["pub struct Part; use super::A;", "pub struct Part; fn f(_: super::In) {}"] {
        let circle = circle(&of_part(text));
        assert_eq!(circle, BTreeSet::from(["src/high/a.rs".into(), "src/high/part.rs".into()]), "{text}");
    }
}

#[test]
fn a_circle_is_told_with_its_lines() {
    let graph = graph(&[("src/high/part.rs", "\npub struct Part;\nuse super::go;\n")]);
    let told = graph.describe(&graph.circles()[0]);
    let lines = [
        "A circle of 2, the shortest way round: src/high.rs -> src/high/part.rs -> src/high.rs",
        "  src/high.rs -> src/high/part.rs",
        "    src/high.rs:1: part::Part",
        "  src/high/part.rs -> src/high.rs",
        "    src/high/part.rs:3: super::go",
    ];
    assert_eq!(told.lines().collect::<Vec<_>>(), lines);
}

#[test]
fn an_arrow_that_goes_up_is_found() {
    let deep = "pub struct Deep; pub fn act() {}\nfn f() { crate::high::go() }";
    assert_eq!(
        up(&[("src/low/deep.rs", deep)]),
        ["src/low/deep.rs:2: crate::high::go (src/high.rs): high is above low"]
    );
    assert_eq!(
        up(&[("src/beside.rs", "use crate::low::Renamed;")]),
        ["src/beside.rs:1: crate::low::Renamed (src/low/deep.rs): low is beside beside"]
    );
    assert_eq!(up(&[("src/main.rs", "use ours::low::act; fn main() { ours::high::go() }")]), [""; 0]);
}

#[test]
fn a_module_without_a_layer_is_found() {
    assert_eq!(
        up(&[("src/lib.rs", "mod high; mod low; mod new;"), ("src/new.rs", "")]),
        ["new is in none of the layers"]
    );
}
