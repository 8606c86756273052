//! Many integrations and links in one configuration, against an Okta that allows 100 requests in each minute.
//!
//! A minute of the sandbox is a few seconds, and the resources' timeouts are shortened alike: what fits here fits into
//! real minutes with the default timeouts. Druva links a domain once, so each link has a loopback address of its own.

use std::time::Instant;

use serde_json::{Value, json};
use terraform_provider_druva::druva::okta_links::AppStatus;
use testkit::sandbox::Sandbox;

use crate::lab::{Lab, provider_block};
use crate::printed::Printed;

const LIMIT: u64 = 100;
/// How long a minute of the sandbox is, in seconds. In a much shorter one, the limit would be above what Terraform and a
/// busy machine send, and would force nothing.
const MINUTE: u64 = 10;
const API_SERVICES: &str = "/integrations/api/v1/api-services";

/// `{minutes}` of a real clock, on the sandbox's.
fn minutes(minutes: u64) -> String {
    format!("{}s", minutes * MINUTE)
}

fn configuration(number: usize, sandbox: &Sandbox) -> String {
    let port = sandbox.okta_url.rsplit(':').next().unwrap();
    let (long, short) = (minutes(20), minutes(5));
    let timeouts = format!("create = \"{long}\"\nread = \"{short}\"\nupdate = \"{long}\"\ndelete = \"{long}\"");
    format!(
        r#"
resource "druva_okta_integration" "each" {{
  count = {number}
  type  = "load_${{count.index}}"
  timeouts {{
{timeouts}
  }}
}}

resource "druva_okta_link" "each" {{
  count         = {number}
  okta_domain   = "http://127.0.0.${{count.index + 2}}:{port}"
  client_id     = druva_okta_integration.each[count.index].client_id
  client_secret = druva_okta_integration.each[count.index].client_secret
  timeouts {{
{timeouts}
  }}
}}
"#
    )
}

/// What one command did to Okta's bucket of integrations.
struct Figures {
    requests: u64,
    refused: u64,
    too_early: u64,
    stretches: Vec<Stretch>,
}

/// What one process of the provider sent.
struct Stretch {
    /// From the first request to the first one of the last window, in seconds.
    taken: f64,
    /// What that takes at least.
    forced: f64,
}

/// Runs Terraform with 50 resources at once, and prints the figures. `processes` has, for each process of the provider
/// that asks Okta for anything, the methods that it uses: between them, nobody wants anything of Okta.
fn run(lab: &Lab, arguments: &[&str], processes: &[&[&str]]) -> (Printed, Figures) {
    // Each command starts with a full window, so that what it is told is told to it.
    lab.sandbox.control("DELETE", "rate_limits", None);
    lab.sandbox.clear_requests();
    let log = lab.path("load.log");
    let _ = std::fs::remove_file(&log);
    let start = Instant::now();
    // Without traces, which would be most of the work.
    let output = lab
        .terraform()
        .env("TF_LOG", "INFO")
        .env("TF_LOG_PATH", &log)
        .args(arguments)
        .args(["-parallelism=50", "-no-color"])
        .output()
        .unwrap();
    let wall = start.elapsed().as_secs_f64();
    let figures = figures(&lab.sandbox, processes);
    let waits = waits(&std::fs::read_to_string(&log).unwrap());
    eprintln!(
        "{:8} {:5} requests, {} of them refused (429), {} sent while told to wait; {:6.1} s taken, {:6.1} s forced; \
         {:2} waits of {:6.1} s together; {wall:6.1} s in all",
        arguments[0],
        figures.requests,
        figures.refused,
        figures.too_early,
        figures.sum(|stretch| stretch.taken),
        figures.sum(|stretch| stretch.forced),
        waits.len(),
        waits.iter().fold(0.0, |sum, wait| sum + wait),
    );
    (Printed::from(&output), figures)
}

/// The seconds of each wait that the provider logged.
fn waits(log: &str) -> Vec<f64> {
    let seconds = |line: &str| {
        let (_, rest) = line.split_once(&format!("for {API_SERVICES} is reached: waiting "))?;
        rest.split(' ').next()?.parse().ok()
    };
    log.lines().filter_map(seconds).collect()
}

fn figures(sandbox: &Sandbox, processes: &[&[&str]]) -> Figures {
    let tallies = sandbox.control("GET", "rate_limits", None);
    let sum = |name: &str| tallies.as_array().unwrap().iter().map(|bucket| bucket[name].as_u64().unwrap()).sum();
    let log = sandbox.control("GET", "requests", None);
    let is_counted =
        |entry: &&Value| entry["path"].as_str().unwrap().starts_with(API_SERVICES) && entry["status"] != 429;
    let counted: Vec<&Value> = log.as_array().unwrap().iter().filter(is_counted).collect();
    let stretch = |methods: &&[&str]| {
        let of_process = counted.iter().filter(|entry| methods.contains(&entry["method"].as_str().unwrap()));
        Stretch::of(&of_process.map(|entry| entry["at"].as_u64().unwrap()).collect::<Vec<_>>())
    };
    Figures {
        requests: counted.len() as u64,
        refused: sum("refused"),
        too_early: sum("too_early"),
        stretches: processes.iter().map(stretch).collect(),
    }
}

impl Stretch {
    /// By the times of the requests, in milliseconds.
    fn of(at: &[u64]) -> Self {
        let full_windows = (at.len() as u64 - 1) / LIMIT;
        let last = at[usize::try_from(full_windows * LIMIT).unwrap()];
        Self { taken: (last - at[0]) as f64 / 1000.0, forced: (full_windows * MINUTE) as f64 }
    }
}

impl Figures {
    fn sum(&self, of: impl Fn(&Stretch) -> f64) -> f64 {
        self.stretches.iter().fold(0.0, |sum, stretch| sum + of(stretch))
    }

    /// No more than a tenth longer than it must take.
    fn is_near_the_limit(&self) {
        for Stretch { taken, forced } in &self.stretches {
            assert!(*taken <= forced * 1.1, "{taken} s instead of {forced} s");
        }
    }
}

fn load(number: usize) {
    let sandbox = Sandbox::start_with(&["--loopback-addresses", &number.to_string()]).list_any_type();
    sandbox.settings(json!({"okta_rate_limit_per_minute": LIMIT, "okta_rate_limit_window_seconds": MINUTE}));
    let provider = provider_block(&sandbox, "");
    let resources = configuration(number, &sandbox);
    let lab = Lab::with_sandbox(sandbox, &provider, &resources);

    let (printed, figures) = run(&lab, &["apply", "-auto-approve"], &[&["GET", "POST"]]);
    printed.expect_success().says(&[&format!("{} added, 0 changed, 0 destroyed.", number * 2)]);
    assert_eq!((figures.refused, figures.too_early), (0, 0), "nothing is sent in vain");
    figures.is_near_the_limit();
    let state = lab.sandbox.state();
    let links = state["druva"]["domains"].as_array().unwrap();
    assert!(links.len() == number && links.iter().all(|link| link["appStatus"] == AppStatus::CONNECTED));

    let (printed, figures) = run(&lab, &["plan", "-detailed-exitcode"], &[&["GET"]]);
    assert_eq!(printed.code, 0, "{}", printed.text);
    assert_eq!((figures.refused, figures.too_early), (0, 0), "nothing is sent in vain");
    figures.is_near_the_limit();

    let (printed, figures) = run(&lab, &["destroy", "-auto-approve"], &[&["GET"], &["DELETE"]]);
    printed.expect_success().says(&[&format!("{} destroyed.", number * 2)]);
    // One process reads, and another one destroys, whose first request finds out what is left. Where that takes long, a second
    // one is under way.
    assert!(figures.refused <= 2 && figures.too_early <= 2, "{} {}", figures.refused, figures.too_early);
    figures.is_near_the_limit();
    let state = lab.sandbox.state();
    assert_eq!((&state["okta"]["integrations"], &state["druva"]["domains"]), (&json!([]), &json!([])));
}

#[test]
fn forty_integrations_and_links_take_what_the_rate_limit_forces() {
    load(40);
}

#[test]
#[ignore = "takes minutes: make load"]
fn two_hundred_integrations_and_links_take_what_the_rate_limit_forces() {
    load(200);
}
