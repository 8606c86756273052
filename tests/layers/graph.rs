//! Which file uses which, the circles among them, and the arrows that go up.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;

use crate::tree::{Target, Tree};

/// For each file, the files that it uses, and where: the line and the path there.
#[derive(Default)]
pub struct Graph {
    arrows: BTreeMap<String, BTreeMap<String, BTreeSet<(usize, String)>>>,
}

impl Graph {
    pub fn of(tree: &Tree) -> Self {
        let mut graph = Self::default();
        for (id, module) in &tree.modules {
            graph.arrows.entry(module.file.clone()).or_default();
            // An imported module is used where a path goes through its name, and that says what of it is used.
            let mut gone_through = BTreeSet::new();
            for inline in module.uses.iter().filter(|inline| !inline.is_import()) {
                let first = &inline.path[0];
                let import = module.uses.iter().find(|import| import.name.as_ref() == Some(first));
                let through = import.and_then(|import| tree.resolve(id, &import.path));
                match through {
                    // Said by the import.
                    Some(Target::Item(_)) => continue,
                    Some(Target::Module(_)) => drop(gone_through.insert(first)),
                    None => {}
                }
                match tree.resolve(id, &inline.path) {
                    // A word in an attribute that an item happens to have.
                    Some(Target::Item(_)) | None if inline.path.len() == 1 => {}
                    target => graph.add(tree, &module.file, inline.line, &inline.path, target),
                }
            }
            for import in module.uses.iter().filter(|import| import.is_import()) {
                let target = tree.resolve(id, &import.path);
                let is_module = matches!(target, Some(Target::Module(_)));
                if !(is_module && import.name.as_ref().is_some_and(|name| gone_through.contains(name))) {
                    graph.add(tree, &module.file, import.line, &import.path, target);
                }
            }
        }
        graph
    }

    fn add(&mut self, tree: &Tree, from: &str, line: usize, path: &[String], target: Option<Target>) {
        let Some(Target::Module(id) | Target::Item(id)) = target else { return };
        let to = &tree.modules[&id].file;
        if from != to {
            let places = self.arrows.entry(from.to_owned()).or_default().entry(to.clone()).or_default();
            places.insert((line, path.join("::")));
        }
    }

    fn from(&self, file: &str) -> impl Iterator<Item = (&String, &BTreeSet<(usize, String)>)> {
        self.arrows.get(file).into_iter().flatten()
    }

    /// The files that lead from one back to it, over all ways: each set of them once.
    pub fn circles(&self) -> Vec<BTreeSet<String>> {
        let reach: BTreeMap<&String, BTreeSet<&String>> =
            self.arrows.keys().map(|file| (file, self.reach(file))).collect();
        let mut circles = BTreeSet::new();
        for (file, reached) in &reach {
            if reached.contains(file) {
                let back = |other: &&&String| reach.get(*other).is_some_and(|theirs| theirs.contains(file));
                circles.insert(reached.iter().filter(back).map(|other| (*other).clone()).collect());
            }
        }
        circles.into_iter().collect()
    }

    fn reach<'a>(&'a self, file: &'a String) -> BTreeSet<&'a String> {
        let mut reached = BTreeSet::new();
        let mut next = vec![file];
        while let Some(file) = next.pop() {
            next.extend(self.from(file).map(|(to, _)| to).filter(|to| reached.insert(*to)));
        }
        reached
    }

    /// The shortest way from a file back to it.
    fn way_back(&self, file: &String) -> Option<Vec<String>> {
        let mut ways = VecDeque::from([vec![file]]);
        let mut seen = BTreeSet::new();
        while let Some(way) = ways.pop_front() {
            for (to, _) in self.from(way[way.len() - 1]) {
                let longer: Vec<&String> = way.iter().copied().chain([to]).collect();
                if to == file {
                    return Some(longer.into_iter().cloned().collect());
                }
                if seen.insert(to) {
                    ways.push_back(longer);
                }
            }
        }
        None
    }

    /// The imports of a circle.
    pub fn describe(&self, circle: &BTreeSet<String>) -> String {
        let shortest = circle.iter().filter_map(|file| self.way_back(file)).min_by_key(Vec::len).unwrap_or_default();
        let mut text = format!("A circle of {}, the shortest way round: {}\n", circle.len(), shortest.join(" -> "));
        for from in circle {
            for (to, places) in self.from(from).filter(|(to, _)| circle.contains(*to)) {
                let _ = writeln!(text, "  {from} -> {to}");
                for (line, path) in places {
                    let _ = writeln!(text, "    {from}:{line}: {path}");
                }
            }
        }
        text
    }

    /// The arrows that break the layers: each row's modules may use those of the rows below it, and not each other.
    pub fn upward(&self, folder: &str, layers: &[&[&str]]) -> Vec<String> {
        let row = |name: &str| layers.iter().position(|row| row.contains(&name));
        let unknown: BTreeSet<_> =
            self.arrows.keys().map(|file| module(folder, file)).filter(|name| row(name).is_none()).collect();
        let mut broken: Vec<_> = unknown.iter().map(|name| format!("{name} is in none of the layers")).collect();
        broken.extend(self.between_modules(folder, |from, to| match row(from)?.cmp(&row(to)?) {
            Ordering::Less => None,
            Ordering::Equal => Some(format!("{to} is beside {from}")),
            Ordering::Greater => Some(format!("{to} is above {from}")),
        }));
        broken
    }

    /// The arrows between modules directly below a folder with which something is wrong, and what.
    fn between_modules(&self, folder: &str, wrong: impl Fn(&str, &str) -> Option<String>) -> Vec<String> {
        let mut broken = Vec::new();
        for (from, arrows) in &self.arrows {
            for (to, places) in arrows.iter().filter(|(to, _)| module(folder, to) != module(folder, from)) {
                let Some(why) = wrong(module(folder, from), module(folder, to)) else { continue };
                broken.extend(places.iter().map(|(line, path)| format!("{from}:{line}: {path} ({to}): {why}")));
            }
        }
        broken
    }
}

/// The module directly below a folder to which a file belongs.
fn module<'a>(folder: &str, file: &'a str) -> &'a str {
    let below = file.strip_prefix(folder).expect("below the folder").trim_start_matches('/');
    below.split(['/', '.']).next().expect("a name")
}
