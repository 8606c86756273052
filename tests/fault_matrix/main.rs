//! The fault matrix: every request of every operation, struck by every fault; and afterwards all is as configured.
//!
//! For each operation one clean run against the sandbox shows which requests it makes. Then, for each request and each
//! fault, the operation is run with this request struck, and again with the fault gone, up to twice. In the end there must
//! be one integration, one link that is connected, one secret in Okta, which Druva uses, and an empty plan; or, only after
//! the provider was killed, an error that says what to type, and typing it leads there. Druva never loses its connection
//! by a rotation, and no secret is in any output.
//!
//! Beside it, with the same operations: a hostile server that reflects credentials (`hostile.rs`).
//!
//! The provider is the real one, spoken to over its socket: `terraform.rs` plays Terraform core. The environment variable
//! `MATRIX_ONLY` runs the cases whose names contain its value, and tells what each run said.
#![cfg(unix)]

mod bench;
mod case;
mod configuration;
mod consistency;
mod fault;
mod hostile;
mod invariants;
mod leaks;
mod operation;
mod proposal;
mod provider;
mod report;
mod request;
mod schema;
mod state;
mod table;
mod terraform;
mod value;

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use bench::Bench;
use case::{Case, Outcome, Verdict};
use fault::Fault;
use operation::Operation;
use request::Request;

/// Most of the time is spent on waiting, so that there are far more workers than processors.
const WORKERS: usize = 14;

#[test]
fn every_fault_at_every_request_ends_well() {
    let started = Instant::now();
    let only = std::env::var("MATRIX_ONLY").unwrap_or_default();
    let operations = operation::all();
    let sequences = learn_all(&operations);
    let mut cases = Vec::new();
    for (operation, sequence) in operations.iter().zip(&sequences) {
        for (request, place) in sequence.iter().zip(1..) {
            cases.extend(Fault::ALL.map(|fault| Case { operation, request, place, fault }));
        }
    }
    cases.retain(|case| case.to_string().contains(&only));
    assert!(!cases.is_empty(), "no case is named like {only}");

    let outcomes = run_all(cases);
    if !only.is_empty() {
        outcomes
            .iter()
            .for_each(|(case, outcome)| say(&format!("{case}: {:?}\n{}", outcome.verdict, table::story(outcome))));
    }
    let rows: Vec<(&Operation, usize)> = operations.iter().zip(sequences.iter().map(Vec::len)).collect();
    say(&table::table(&rows, &outcomes, started.elapsed()));
    assert_eq!(table::Count::of(&outcomes).failed, 0, "cases FAILED: see above");
}

/// One clean run of each operation.
fn learn_all(operations: &[Operation]) -> Vec<Vec<Request>> {
    let mut bench = Bench::new();
    operations.iter().map(|operation| case::learn(&mut bench, operation)).collect()
}

/// All cases, by as many workers as there is use for, in their order again.
fn run_all(cases: Vec<Case<'_>>) -> Vec<(Case<'_>, Outcome)> {
    let next = AtomicUsize::new(0);
    let outcomes: Vec<OnceLock<Outcome>> = cases.iter().map(|_| OnceLock::new()).collect();
    let work = || {
        let mut bench = Bench::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(case) = cases.get(place) else { return };
            let outcome = catch_unwind(AssertUnwindSafe(|| case.run(&mut bench)));
            let _ = outcomes[place].set(outcome.unwrap_or_else(|_| {
                bench = Bench::new();
                Outcome {
                    verdict: Verdict::Failed(vec!["the harness panicked, see above".to_owned()]),
                    runs: Vec::new(),
                }
            }));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..WORKERS.min(cases.len()) {
            scope.spawn(work);
        }
    });
    let outcomes = outcomes.into_iter().map(|outcome| outcome.into_inner().expect("every case was run"));
    cases.into_iter().zip(outcomes).collect()
}

/// Past the test harness, which keeps what a successful test prints to itself.
fn say(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}
