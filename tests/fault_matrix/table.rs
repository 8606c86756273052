//! The table that the matrix prints, and below it each case that failed.

use std::fmt::Write as _;
use std::time::Duration;

use crate::case::{Case, Outcome, Verdict};
use crate::fault::Fault;
use crate::operation::Operation;

/// How the cases of one cell, or of all, ended.
#[derive(Clone, Copy, Default)]
pub struct Count {
    pub at_once: usize,
    pub after_one: usize,
    pub after_two: usize,
    pub told: usize,
    pub failed: usize,
}

impl Count {
    fn add(&mut self, verdict: &Verdict) {
        let counter = match verdict {
            Verdict::Converged(0) => &mut self.at_once,
            Verdict::Converged(1) => &mut self.after_one,
            Verdict::Converged(_) => &mut self.after_two,
            Verdict::Told => &mut self.told,
            Verdict::Failed(_) => &mut self.failed,
        };
        *counter += 1;
    }

    pub fn of(outcomes: &[(Case<'_>, Outcome)]) -> Self {
        outcomes.iter().fold(Self::default(), |mut count, (_, outcome)| {
            count.add(&outcome.verdict);
            count
        })
    }

    /// `8 +1 +1 t1 F1`: what is zero is left out.
    fn cell(self) -> String {
        let parts =
            [("", self.at_once), ("+", self.after_one), ("++", self.after_two), ("t", self.told), ("F", self.failed)];
        let shown = parts.iter().filter(|(_, count)| *count > 0).map(|(mark, count)| format!("{mark}{count}"));
        shown.collect::<Vec<_>>().join(" ")
    }
}

/// The whole text.
pub fn table(operations: &[(&Operation, usize)], outcomes: &[(Case<'_>, Outcome)], took: Duration) -> String {
    let cell = |operation: &Operation, fault: Fault| {
        let mut count = Count::default();
        for (case, outcome) in outcomes {
            if case.operation.name == operation.name && case.fault == fault {
                count.add(&outcome.verdict);
            }
        }
        count.cell()
    };
    let head = ["operation (requests)".to_owned()].into_iter().chain(Fault::ALL.map(|fault| fault.name().to_owned()));
    let mut rows: Vec<Vec<String>> = vec![head.collect()];
    for (operation, requests) in operations {
        let first = format!("{} ({requests})", operation.name);
        rows.push([first].into_iter().chain(Fault::ALL.map(|fault| cell(operation, fault))).collect());
    }
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
    let mut text = String::from("\nThe fault matrix: each request of each operation, struck by each fault.\n\n");
    for row in &rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        let _ = writeln!(text, "{}", cells.join(" | ").trim_end());
    }
    let Count { at_once, after_one, after_two, told, failed } = Count::of(outcomes);
    let _ = write!(
        text,
        "\n{} cases in {:.0} s: {at_once} converged at once, {after_one} after one more run (+), {after_two} after two (++), \
         {told} were told what to type and it helped (t), {failed} FAILED (F)\n",
        outcomes.len(),
        took.as_secs_f64()
    );
    for (case, outcome) in outcomes {
        if let Verdict::Failed(wrong) = &outcome.verdict {
            let _ = writeln!(text, "\nFAILED {case}");
            wrong.iter().for_each(|wrong| text.push_str(&format!("  ! {wrong}\n")));
            text.push_str(&story(outcome));
        }
    }
    text
}

/// What each run of a case said.
pub fn story(outcome: &Outcome) -> String {
    let mut text = String::new();
    let mut before = String::new();
    for (what, report) in &outcome.runs {
        let end = if report.is_success() { "success" } else { "failure" };
        let said = report.text();
        if !said.is_empty() && said == before {
            let _ = writeln!(text, "  {what}: {end}, in the same words");
            continue;
        }
        let _ = writeln!(text, "  {what}: {end}");
        report.changes.iter().for_each(|change| text.push_str(&format!("    ~ {change}\n")));
        for line in said.lines().filter(|line| !line.is_empty()) {
            let _ = writeln!(text, "    {line}");
        }
        before = said;
    }
    text
}
