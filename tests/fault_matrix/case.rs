//! One case: an operation, one request of it, and a fault that strikes this request.

use std::fmt;

use serde_json::{Value as Json, json};

use crate::bench::{Bench, Kill, Prepared, connections, struck};
use crate::configuration::{Configuration, Resource};
use crate::fault::Fault;
use crate::invariants::{converged, destroyed, lost_connections};
use crate::operation::{Command, Operation};
use crate::report::Report;
use crate::request::Request;
use crate::state::State;

/// How often the operation is run again, with the fault gone.
const RUNS_AFTER: usize = 2;

/// What is to be done.
pub struct Case<'a> {
    pub operation: &'a Operation,
    pub request: &'a Request,
    /// The request's place in the sequence, from 1.
    pub place: usize,
    pub fault: Fault,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All is as configured, after this many runs more.
    Converged(usize),
    /// The user was told what to type, and it helped.
    Told,
    /// Why not.
    Failed(Vec<String>),
}

/// The end of a case, and what each run said on the way.
pub struct Outcome {
    pub verdict: Verdict,
    pub runs: Vec<(String, Report)>,
}

impl fmt::Display for Case<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{} {} {}", self.operation.name, self.place, self.request, self.fault.name())
    }
}

impl Case<'_> {
    /// Runs it on a bench.
    pub fn run(&self, bench: &mut Bench) -> Outcome {
        let mut session = Session::begin(bench, self.operation);
        session.strike(self.fault, self.request);
        let verdict = session.recover(self.operation.command, RUNS_AFTER, self.fault.kills());
        session.end(verdict)
    }
}

/// A clean run of an operation, and the requests that it makes.
pub fn learn(bench: &mut Bench, operation: &Operation) -> Vec<Request> {
    let mut session = Session::begin(bench, operation);
    session.run(operation.command, "the clean run", None);
    let log = session.bench.sandbox.control("GET", "requests", None);
    let verdict = session.judge_last().map_or_else(Verdict::Failed, |()| Verdict::Converged(0));
    let outcome = session.end(verdict);
    assert_eq!(outcome.verdict, Verdict::Converged(0), "{}: {:#?}", operation.name, outcome.runs);
    crate::request::sequence(&log)
}

/// A case that is under way.
struct Session<'a> {
    bench: &'a mut Bench,
    operation: &'a Operation,
    prepared: Prepared,
    config: Configuration,
    state: State,
    /// How many secrets had been issued, and how many changes of a connection been seen, when it began.
    issued: usize,
    history: usize,
    runs: Vec<(String, Report)>,
    /// What must never happen, whatever the end.
    broken: Vec<String>,
}

impl<'a> Session<'a> {
    fn begin(bench: &'a mut Bench, operation: &'a Operation) -> Self {
        let prepared = bench.prepare(operation);
        Self {
            state: prepared.state.clone(),
            config: operation.config.clone(),
            issued: bench.issued(),
            history: connections(&bench.sandbox).len(),
            runs: Vec::new(),
            broken: Vec::new(),
            bench,
            operation,
            prepared,
        }
    }

    /// The run that the fault strikes.
    fn strike(&mut self, fault: Fault, request: &Request) {
        self.bench.sandbox.fault(fault.definition(request));
        self.run(self.operation.command, "with the fault", Some((fault, request)));
        if !struck(&self.bench.sandbox) {
            self.broken.push("the fault did not strike".to_owned());
        }
        self.bench.sandbox.control("DELETE", "faults", None);
    }

    fn run(&mut self, command: Command, what: &str, struck: Option<(Fault, &Request)>) {
        let is_impatient = struck.is_some_and(|(fault, _)| fault.is_timeout());
        let kill = struck.filter(|(fault, _)| fault.kills()).map(|(fault, request)| Kill { fault, request });
        let is_killed = kill.is_some();
        let report = self.bench.run(command, &self.config, &mut self.state, is_impatient, kill);
        self.note(what, report, is_killed);
    }

    fn note(&mut self, what: &str, report: Report, is_killed: bool) {
        self.broken.extend(report.bugs.iter().cloned());
        self.broken.extend(self.bench.leaks(&report, &self.prepared, self.issued, is_killed));
        self.runs.push((what.to_owned(), report));
    }

    /// Runs again, as often as it is allowed, until all is as configured.
    fn recover(&mut self, command: Command, runs_after: usize, may_be_told: bool) -> Verdict {
        let mut wrong = Vec::new();
        for runs in 0..=runs_after {
            if runs > 0 {
                self.run(command, "again", None);
            }
            match self.judge_last() {
                Ok(()) => return Verdict::Converged(runs),
                Err(found) => wrong = found,
            }
            if may_be_told
                && runs > 0
                && let Some(advice) = self.advice()
            {
                return self.follow(advice);
            }
        }
        Verdict::Failed(wrong)
    }

    /// What is wrong after the last run.
    fn judge_last(&mut self) -> Result<(), Vec<String>> {
        if !self.runs.last().is_some_and(|(_, report)| report.is_success()) {
            return Err(vec!["the last run ended with an error".to_owned()]);
        }
        let world = self.bench.sandbox.state();
        let wrong = match self.operation.destroys() {
            true => destroyed(&world, &self.state),
            false => converged(&world, &self.state),
        };
        if !wrong.is_empty() {
            return Err(wrong);
        }
        if self.operation.destroys() {
            return Ok(());
        }
        let report = self.bench.plan(&self.config, &self.state);
        let changes: Vec<String> =
            report.changes.iter().map(|change| format!("the plan is not empty: {change}")).collect();
        let is_empty = report.is_success() && changes.is_empty();
        self.note("the plan afterwards", report, false);
        if is_empty { Ok(()) } else { Err([changes, vec!["the plan afterwards is not empty".to_owned()]].concat()) }
    }

    /// What the last error says to type, if it says everything that is needed.
    fn advice(&self) -> Option<Advice> {
        let text = self.runs.last()?.1.text();
        let world = self.bench.sandbox.state();
        let (integration, link) = (&world["okta"]["integrations"][0], &world["druva"]["domains"][0]);
        let advice = |resource: Resource, thing: &Json, ways| {
            Some(Advice { resource, id: thing["id"].as_str()?.to_owned(), ways })
        };
        let is_lost = |resource: Resource, thing: &Json| {
            let import = |address| format!("terraform import {address} {}", thing["id"].as_str().unwrap_or_default());
            text.contains(&import("ADDRESS")) && !self.state.contains_key(&resource)
        };
        if is_lost(Resource::Integration, integration)
            && text.contains("rotate_when_changed")
            && text.contains("adopt_existing = true")
        {
            return advice(Resource::Integration, integration, &[Way::Import, Way::Adopt]);
        }
        // One that was adopted, with a secret that nobody knows beside the one from before.
        if integration["id"].as_str().is_some_and(|id| text.contains(id))
            && !self.state.contains_key(&Resource::Integration)
            && self.config.adopts()
            && text.contains("replace_oldest_secret = true")
        {
            return advice(Resource::Integration, integration, &[Way::ReplaceOldest]);
        }
        // One that was installed beside the old one, and that nobody knows.
        let unlinked = world["okta"]["integrations"].as_array()?.iter().find(|one| one["id"] != link["clientId"]);
        if self.config.creates_first() && text.contains("Remove those that are not linked in Druva in the Okta Admin") {
            return advice(Resource::Integration, unlinked?, &[Way::RemoveUnlinked]);
        }
        // A link needs nothing more: its configuration has a secret already, or the way to one.
        if is_lost(Resource::Link, link) {
            return advice(Resource::Link, link, &[Way::Import]);
        }
        // Two secrets that nobody knows, and no link that would use either.
        let is_named = integration["id"].as_str().is_some_and(|id| text.contains(id));
        if link.is_null() && is_named && text.contains("terraform apply -replace=ADDRESS") {
            return advice(Resource::Integration, integration, &[Way::Replace]);
        }
        None
    }

    /// Does what was said, in each of the ways that were named.
    fn follow(&mut self, advice: Advice) -> Verdict {
        self.check_connections();
        self.bench.sandbox.control("PUT", "snapshots/told", None);
        let (state, config) = (self.state.clone(), self.config.clone());
        let mut wrong = Vec::new();
        for way in advice.ways {
            self.bench.restore("told");
            (self.state, self.config) = (state.clone(), config.clone());
            match way {
                Way::Import => {
                    let report = self.bench.import(advice.resource, &advice.id, &mut self.state);
                    self.note("import as told", report, false);
                    if advice.resource == Resource::Integration && self.config.stores_secret() {
                        let rotation = json!({"rotation": "imported"});
                        self.config = config.clone().with(advice.resource, "rotate_when_changed", rotation);
                    }
                }
                // To Terraform, this and a tainted resource are the same.
                Way::Replace => {
                    let managed = self.state.get_mut(&advice.resource).expect("what was named is in the state");
                    managed.is_tainted = true;
                }
                Way::RemoveUnlinked => {
                    self.bench.sandbox.drift(json!({"action": "delete_integration", "id": advice.id}));
                }
                Way::ReplaceOldest => {
                    self.config = config.clone().with(advice.resource, "replace_oldest_secret", json!(true));
                }
                Way::Adopt => self.config = config.clone().with(advice.resource, "adopt_existing", json!(true)),
            }
            self.run(Command::Apply, "apply as told", None);
            if let Verdict::Failed(found) = self.recover(Command::Apply, 1, false) {
                wrong.extend(found.into_iter().map(|found| format!("{way:?} as told: {found}")));
            }
            self.check_connections();
        }
        if wrong.is_empty() { Verdict::Told } else { Verdict::Failed(wrong) }
    }

    fn check_connections(&mut self) {
        let sandbox = &self.bench.sandbox;
        let log = sandbox.control("GET", "requests", None);
        let changes = connections(sandbox).split_off(self.history);
        let lost = lost_connections(&changes, &log, self.operation.may_recover());
        self.broken.extend(lost.into_iter().filter(|lost| !self.broken.contains(lost)).collect::<Vec<_>>());
    }

    fn end(mut self, verdict: Verdict) -> Outcome {
        self.check_connections();
        let verdict = match verdict {
            Verdict::Failed(mut wrong) => {
                wrong.extend(self.broken);
                Verdict::Failed(wrong)
            }
            _ if !self.broken.is_empty() => Verdict::Failed(self.broken),
            fine => fine,
        };
        Outcome { verdict, runs: self.runs }
    }
}

/// What an error says to type.
struct Advice {
    resource: Resource,
    id: String,
    ways: &'static [Way],
}

#[derive(Clone, Copy, Debug)]
enum Way {
    Import,
    Adopt,
    Replace,
    ReplaceOldest,
    RemoveUnlinked,
}
