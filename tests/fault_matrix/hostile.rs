//! A hostile server that reflects every credential it gets: no reflection is shown.
//!
//! It stands between the provider and the sandbox, on both sides, and keeps what passes: tokens, proofs, assertions, client
//! secrets. In each run it puts them, in one encoding, into one place of one answer, or into all texts for people. What the
//! provider answered to Terraform and logged then must not have them: diagnostics, planned and new states, private data,
//! identities, progress of actions, the log at TRACE. Only `client_secret`, which is there for it, is left out.
//!
//! Half of the runs have a provider that was started for them, and get reflected what others got before. All pairs of places
//! and encodings come up; which request of which operation has them changes. `HOSTILE_ROUNDS` is how often, 1 by default.

mod bounds;
mod case;
mod credentials;
mod encoding;
mod goaway;
mod mirror;
mod oracle;
mod place;
mod table;
mod wire;

use std::sync::Mutex;
use std::time::Instant;

use case::{Access, Bed, Case, Subject, Target};
use encoding::Encoding;
use place::Place;
use table::Table;

use crate::request::Request;

/// More than processors: a provider that starts or waits leaves them to others.
const WORKERS: usize = 10;
/// For how many subjects each encoding is in all texts of successes.
const TEXTS: usize = 5;

#[test]
fn no_reflection_of_a_credential_is_shown() {
    let started = Instant::now();
    let rounds = std::env::var("HOSTILE_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(1);
    let only = std::env::var("HOSTILE_ONLY").unwrap_or_default();
    let subjects = case::subjects();
    let targets = Bed::new(Access::ServiceApp).learn(&subjects);
    let cases = all(&subjects, &targets, rounds).into_iter().filter(|case| case.to_string().contains(&only));
    let (app, token): (Vec<_>, Vec<_>) = cases.partition(|case| case.access == Access::ServiceApp);
    let queues = [(Access::ServiceApp, Mutex::new(app.iter())), (Access::ApiToken, Mutex::new(token.iter()))];
    let table = Mutex::new(Table::default());
    let work = |(access, queue): &(Access, Mutex<std::slice::Iter<'_, Case<'_>>>)| {
        let mut bed = Bed::new(*access);
        while let Some(case) = { queue.lock().expect("nobody panics with it").next() } {
            let outcome = bed.run(case);
            table.lock().expect("nobody panics with it").add(case, &outcome);
        }
    };
    std::thread::scope(|scope| {
        for worker in 0..WORKERS {
            let (work, queue) = (&work, &queues[worker % queues.len()]);
            scope.spawn(move || work(queue));
        }
    });
    let table = table.into_inner().expect("nobody panicked");
    crate::say(&table.text(started.elapsed()));
    assert!(table.is_fine(), "reflections are shown, or did not arrive: see above");
}

/// Each place in each encoding that is promised, and in some that are not, in the answer to one request of one subject, each
/// time another one; and the texts of successes in each encoding, for a few subjects each.
fn all<'a>(subjects: &'a [Subject], targets: &'a [Target], rounds: usize) -> Vec<Case<'a>> {
    let mut places: Vec<Place> = targets.iter().flat_map(|target| target.places.iter().copied()).collect();
    places.sort_unstable();
    places.dedup();
    let mut cases = Vec::new();
    for round in 0..rounds {
        for (row, place) in places.iter().copied().enumerate() {
            let fitting: Vec<_> = targets.iter().filter(|target| target.places.contains(&place)).collect();
            for (column, encoding) in columns(row + round) {
                // Neighbours are requests of the same run.
                let target = fitting[(row * 5 + (round * encoding::ALL.len() + column) * 7) % fitting.len()];
                let subject = &subjects[target.subject];
                cases.push(case(subject, Some(&target.request), place, encoding, row + column * 3 + round));
            }
        }
        for (column, encoding) in encoding::ALL.iter().enumerate() {
            for turn in 0..TEXTS {
                let number = column * TEXTS + turn + round;
                cases.push(case(&subjects[number % subjects.len()], None, Place::Texts, encoding, number));
            }
        }
    }
    cases
}

/// All encodings that are promised, and each third of the others, in turn.
fn columns(turn: usize) -> impl Iterator<Item = (usize, &'static Encoding)> {
    let all = encoding::ALL.iter().enumerate();
    all.filter(move |(column, encoding)| encoding.is_promised || (column + turn).is_multiple_of(3))
}

fn case<'a>(
    subject: &'a Subject,
    request: Option<&'a Request>,
    place: Place,
    encoding: &'static Encoding,
    turn: usize,
) -> Case<'a> {
    // With an API token there are no requests for tokens.
    let has_token = request.is_none_or(|request| !request.path.starts_with("/oauth2/"));
    let access = if has_token && turn.is_multiple_of(3) { Access::ApiToken } else { Access::ServiceApp };
    Case { subject, request, place, encoding, is_later: turn.is_multiple_of(2), access, first: turn }
}
