//! The table that a run prints: rows are places, columns encodings.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use super::case::{Case, Outcome};
use super::encoding::ALL;

/// How many reflections there were, and how many of them were shown.
#[derive(Clone, Copy, Default)]
struct Count {
    reflections: usize,
    leaks: usize,
}

impl Count {
    fn add(&mut self, other: Self) {
        self.reflections += other.reflections;
        self.leaks += other.leaks;
    }
}

#[derive(Default)]
pub struct Table {
    /// By row, and by the place of the encoding in the list of all.
    counts: BTreeMap<String, BTreeMap<usize, Count>>,
    /// By the kind of credential, and whether the provider is another process than the one that got it.
    kinds: BTreeMap<(&'static str, bool), Count>,
    cases: usize,
    /// Cases that failed, and why.
    wrong: Vec<String>,
}

impl Table {
    pub fn add(&mut self, case: &Case<'_>, outcome: &Outcome) {
        let column = ALL.iter().position(|encoding| encoding.name == case.encoding.name).expect("one of them");
        self.cases += 1;
        if outcome.reflections.is_empty() {
            self.wrong.push(format!("{case}: nothing was reflected"));
        }
        if outcome.has_panicked {
            self.wrong.push(format!("{case}: the provider panicked"));
        }
        for (place, reflection) in outcome.reflections.iter().enumerate() {
            let is_leaked = outcome.leaked.contains(&place);
            let count = Count { reflections: 1, leaks: is_leaked.into() };
            self.counts.entry(reflection.row.clone()).or_default().entry(column).or_default().add(count);
            if case.encoding.is_promised {
                self.kinds.entry((reflection.credential.kind, case.is_later)).or_default().add(count);
            }
            if is_leaked && case.encoding.is_promised {
                self.wrong.push(format!("{case}: {} with the {}", reflection.row, reflection.credential.kind));
            }
        }
    }

    pub fn is_fine(&self) -> bool {
        self.wrong.is_empty() && self.cases > 0
    }

    pub fn text(&self, took: Duration) -> String {
        let mut text =
            String::from("\nReflections of credentials, and after the slash how many of them were shown\n\n");
        for (number, encoding) in ALL.iter().enumerate() {
            let _ = writeln!(text, "{:>4} {}", number + 1, encoding.name);
        }
        let _ = write!(text, "\n{:28}", "");
        (1..=ALL.len()).for_each(|number| {
            let _ = write!(text, "{number:>7}");
        });
        for (row, counts) in &self.counts {
            let _ = write!(text, "\n{row:28}");
            for column in 0..ALL.len() {
                let shown = counts.get(&column).map(|count| format!("{}/{}", count.reflections, count.leaks));
                let _ = write!(text, "{:>7}", shown.unwrap_or_default());
            }
        }
        text.push_str("\n\n");
        for (column, encoding) in ALL.iter().enumerate() {
            let mut sum = Count::default();
            self.counts.values().filter_map(|counts| counts.get(&column)).for_each(|count| sum.add(*count));
            let promise = if encoding.is_promised { "promised" } else { "not promised" };
            let _ = writeln!(
                text,
                "{:18} {promise:13} {:6} reflections {:6} shown",
                encoding.name, sum.reflections, sum.leaks
            );
        }
        text.push_str("\nIn the encodings that are promised:\n");
        for ((kind, is_later), count) in &self.kinds {
            let when = if *is_later { "another process" } else { "the same process" };
            let _ = writeln!(text, "{kind:30} {when:17} {:6} reflections {:6} shown", count.reflections, count.leaks);
        }
        for wrong in &self.wrong {
            let _ = writeln!(text, "WRONG {wrong}");
        }
        let _ = writeln!(text, "{} cases, {} wrong, {:.0} s", self.cases, self.wrong.len(), took.as_secs_f64());
        text
    }
}
