//! One case: what Terraform does, where the hostile server reflects, and how; and what a worker has for it.

use std::collections::HashSet;
use std::fmt;

use serde_json::{Value as Json, json};
use testkit::sandbox::TYPE;

use super::encoding::Encoding;
use super::mirror::{Mirror, Order, Reflection};
use super::oracle::leaked;
use super::place::Place;
use crate::bench::Bench;
use crate::operation::{self, Operation};
use crate::provider::{Kind, Question};
use crate::request::Request;

/// With what Druva's own published sample credentials have in them.
const DRUVA_SECRET: &str = "aB3/dEf+gH1jKl/mNoP+qRs7tUvWx/yZ0123456";

/// How often a case is begun until its request comes.
const TRIES: usize = 3;

/// What Terraform does.
pub enum Subject {
    Operation(Operation),
    /// A question about what the operation `read` begins with.
    Question(Question),
}

impl Subject {
    fn name(&self) -> String {
        match self {
            Self::Operation(operation) => operation.name.to_owned(),
            Self::Question(question) => format!("{:?} {}", question.kind, question.type_name),
        }
    }
}

/// A request of a subject, and the places in its answer.
pub struct Target {
    /// Which of the subjects.
    pub subject: usize,
    pub request: Request,
    pub places: Vec<Place>,
}

pub struct Case<'a> {
    pub subject: &'a Subject,
    /// None for all of them.
    pub request: Option<&'a Request>,
    pub place: Place,
    pub encoding: &'static Encoding,
    /// Whether the provider is another process than the one that got what is reflected.
    pub is_later: bool,
    pub access: Access,
    /// Which of the credentials is the first to be reflected.
    pub first: usize,
}

/// What came of a case.
pub struct Outcome {
    pub reflections: Vec<Reflection>,
    /// Which of them were shown.
    pub leaked: HashSet<usize>,
    pub has_panicked: bool,
}

impl fmt::Display for Case<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let request = self.request.map_or_else(|| "each request".to_owned(), ToString::to_string);
        let when = if self.is_later { "later" } else { "at once" };
        write!(f, "{}/{request} {} {} {when}", self.subject.name(), self.place.row(), self.encoding.name)
    }
}

pub fn subjects() -> Vec<Subject> {
    let question = |kind, type_name, config| Subject::Question(Question { kind, type_name, config });
    let mut subjects: Vec<Subject> = operation::all().into_iter().map(Subject::Operation).collect();
    subjects.extend([
        question(Kind::DataSource, "druva_okta_integration", json!({"type": TYPE})),
        question(Kind::DataSource, "druva_okta_integrations", json!({})),
        question(Kind::DataSource, "druva_okta_link", json!({})),
        question(Kind::DataSource, "druva_okta_links", json!({})),
        question(Kind::DataSource, "druva_okta_preflight", json!({"type": TYPE, "expect_new": true})),
        question(Kind::List, "druva_okta_integration", json!({"type": TYPE})),
        question(Kind::List, "druva_okta_link", json!({})),
        question(Kind::Action, "druva_okta_backup", json!({"wait": true, "timeouts": {"invoke": "2s"}})),
        question(Kind::Action, "druva_okta_reauthorize", json!({})),
    ]);
    subjects
}

/// How the provider gets into Okta.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// A service app, whose access tokens are bound to a key (DPoP).
    ServiceApp,
    ApiToken,
}

/// A bench whose provider talks to a hostile server.
pub struct Bed {
    bench: Bench,
    mirror: Mirror,
    operations: Vec<Operation>,
    /// How many credentials were seen before the provider was started.
    seen: usize,
}

impl Bed {
    pub fn new(access: Access) -> Self {
        let mut bench = Bench::with_app(json!({"dpop_bound_access_tokens": true}));
        let mirror = Mirror::start(&bench.sandbox, DRUVA_SECRET);
        bench.block["api_url"] = mirror.druva_url.clone().into();
        bench.block["client_secret"] = DRUVA_SECRET.into();
        bench.block["okta"]["org_url"] = mirror.okta_url.clone().into();
        if access == Access::ApiToken {
            bench.block["okta"] = json!({"org_url": mirror.okta_url, "api_token": bench.sandbox.okta_api_token});
        }
        let mut bed = Self { bench, mirror, operations: operation::all(), seen: 0 };
        // So that there is something to reflect from the first case on.
        for operation in bed.operations.iter().filter(|operation| operation.before.is_some()) {
            bed.bench.prepare(operation);
        }
        bed
    }

    /// The requests of each subject, by a run that nothing strikes.
    pub fn learn(&mut self, subjects: &[Subject]) -> Vec<Target> {
        let mut targets = Vec::new();
        for (number, subject) in subjects.iter().enumerate() {
            self.do_it(subject, None);
            for (request, answer) in self.mirror.answers() {
                let places = Place::of(&request.side, &answer);
                targets.push(Target { subject: number, request, places });
            }
        }
        targets
    }

    pub fn run(&mut self, case: &Case<'_>) -> Outcome {
        if case.is_later {
            self.bench.restart_provider();
            self.seen = self.mirror.seen();
        }
        let of = if case.is_later { 0..self.seen } else { self.seen..usize::MAX };
        let Case { place, encoding, first, .. } = *case;
        let order = Order { request: case.request.cloned(), place, encoding, of, first };
        let mut reflections = Vec::new();
        // How often something is asked for can depend on the time, so that a request may not come.
        for _ in 0..TRIES {
            if reflections.is_empty() {
                self.do_it(case.subject, Some(order.clone()));
                reflections = self.mirror.reflections();
            }
        }
        let shown = self.bench.shown();
        let has_panicked = String::from_utf8_lossy(&shown).contains("panicked at");
        Outcome { leaked: leaked(&shown, &reflections), reflections, has_panicked }
    }

    fn do_it(&mut self, subject: &Subject, order: Option<Order>) {
        let operation = match subject {
            Subject::Operation(operation) => operation,
            Subject::Question(_) => self.operations.iter().find(|one| one.name == "read").expect("a row"),
        };
        let mut state = self.bench.prepare(operation).state;
        let link = self.bench.sandbox.state()["druva"]["domains"][0].clone();
        // What was said and logged on the way here is not what is judged.
        self.bench.shown();
        self.mirror.order(order);
        match subject {
            Subject::Operation(operation) => {
                self.bench.run(operation.command, &operation.config, &mut state, false, None);
            }
            Subject::Question(question) => {
                let integration = &state[&crate::configuration::Resource::Integration].attributes;
                let question = Question { config: addressed(question, &link, integration), ..*question };
                self.bench.ask(async |provider, schemas, block| {
                    let _ = provider.configure(block).await;
                    provider.ask(&question, schemas).await;
                });
            }
        }
    }
}

/// The arguments of an action, which name the link that there is.
fn addressed(question: &Question, link: &Json, integration: &Json) -> Json {
    let mut config = question.config.clone();
    if question.kind == Kind::Action {
        config["link_id"] = testkit::sandbox::text_of(&link["id"]).into();
    }
    if question.type_name == "druva_okta_reauthorize" {
        config["client_id"] = integration["client_id"].clone();
        config["client_secret"] = integration["client_secret"].clone();
    }
    config
}
