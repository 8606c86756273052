//! What many tenants in one configuration cost: each an alias of the provider with an Okta org and a Druva account of its
//! own, and the module of `examples/many-tenants`. Prints a table in Markdown.
//!
//! Each org is a sandbox of its own, so that no tenant sees what another one has. They are not counted.
//! `DRUVA_TENANTS="1 500"` measures other numbers than the usual ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};
use terraform_provider_druva::druva::okta_links::AppStatus;
use testkit::sandbox::Sandbox;

use crate::lab::{Lab, provider_block};
use crate::pipelines::copy;
use crate::terraform;

const COMMANDS: [(&str, &[&str]); 3] = [
    ("first `apply`", &["apply", "-auto-approve"]),
    ("`plan`", &["plan", "-detailed-exitcode"]),
    ("`destroy`", &["destroy", "-auto-approve"]),
];
/// The first one counts what Terraform starts, which needs its log. The others are timed.
const ROUNDS: usize = 4;

/// What the processes of a command have at one moment.
#[derive(Clone, Copy, Default)]
struct Moment {
    providers: usize,
    threads: u64,
    /// In KiB.
    resident: u64,
    /// The same with what processes share counted once. 0 for who may not read it.
    proportional: u64,
    terraform: u64,
}

impl Moment {
    fn now(terraform: u32) -> Self {
        let mut moment =
            Self { terraform: field(&process(terraform).join("status"), "VmRSS:").unwrap_or(0), ..Self::default() };
        for id in children(terraform) {
            // Until it has become the provider, a child is a copy of Terraform.
            let name = fs::read_to_string(process(id).join("comm")).unwrap_or_default();
            if !name.starts_with("terraform-provi") {
                continue;
            }
            let status = process(id).join("status");
            let Some(resident) = field(&status, "VmRSS:") else { continue };
            moment.providers += 1;
            moment.resident += resident;
            moment.threads += field(&status, "Threads:").unwrap_or(0);
            moment.proportional += field(&process(id).join("smaps_rollup"), "Pss:").unwrap_or(0);
        }
        moment
    }

    /// The most of each, at whatever moment.
    fn most(self, other: Self) -> Self {
        Self {
            providers: self.providers.max(other.providers),
            threads: self.threads.max(other.threads),
            resident: self.resident.max(other.resident),
            proportional: self.proportional.max(other.proportional),
            terraform: self.terraform.max(other.terraform),
        }
    }
}

fn process(id: u32) -> PathBuf {
    Path::new("/proc").join(id.to_string())
}

/// The number behind a name in a file of /proc.
fn field(file: &Path, name: &str) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    text.lines().find_map(|line| line.strip_prefix(name)?.split_whitespace().next()?.parse().ok())
}

/// The processes that a thread of a process started and that live.
fn children(id: u32) -> Vec<u32> {
    let Ok(threads) = fs::read_dir(process(id).join("task")) else { return Vec::new() };
    let of_thread = |thread: fs::DirEntry| fs::read_to_string(thread.path().join("children")).unwrap_or_default();
    let ids: String = threads.flatten().map(of_thread).collect();
    ids.split_whitespace().filter_map(|id| id.parse().ok()).collect()
}

/// What one command cost.
#[derive(Clone, Copy)]
struct Cost {
    seconds: f64,
    most: Moment,
}

fn watch(mut terraform: Child) -> (bool, Cost) {
    let (start, mut most) = (Instant::now(), Moment::default());
    loop {
        if let Some(status) = terraform.try_wait().unwrap() {
            return (status.success(), Cost { seconds: start.elapsed().as_secs_f64(), most });
        }
        most = most.most(Moment::now(terraform.id()));
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Tenants with everything that is theirs, and the configuration of all of them.
struct Tenants {
    lab: Lab,
    others: Vec<Sandbox>,
}

impl Tenants {
    fn new(number: usize) -> Self {
        let first = Sandbox::start().list_under_the_guess();
        let others: Vec<Sandbox> = (1..number).map(|_| Sandbox::start().list_under_the_guess()).collect();
        let blocks = std::iter::once(&first).chain(&others).enumerate().map(|(number, sandbox)| {
            let provider = provider_block(sandbox, &format!("alias = \"tenant_{number}\""));
            let module = format!(
                "module \"tenant_{number}\" {{\n  source = \"./okta-tenant\"\n  \
                 providers = {{ druva = druva.tenant_{number} }}\n}}"
            );
            format!("{provider}\n\n{module}\n")
        });
        let configuration = blocks.collect::<Vec<_>>().join("\n");
        let lab = Lab::with_sandbox(first, "", "");
        let module = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/many-tenants/modules/okta-tenant");
        copy(&module, &lab.path("okta-tenant"));
        lab.configure(&configuration);
        lab.run(&["init"]).expect_success();
        Self { lab, others }
    }

    /// Runs a command, with a log only if it is asked for.
    fn run(&self, arguments: &[&str], log: bool) -> Cost {
        let mut command = self.lab.terraform();
        command.env_remove("TF_LOG").env_remove("TF_LOG_PATH").args(arguments).arg("-no-color");
        if log {
            command.env("TF_LOG_PROVIDER", "DEBUG").env("TF_LOG_PATH", self.lab.path("provider.log"));
        }
        let output = |name: &str| Stdio::from(fs::File::create(self.lab.path(name)).unwrap());
        let (ended_well, cost) = watch(command.stdout(output("output")).stderr(output("errors")).spawn().unwrap());
        let said = ["output", "errors"].map(|name| fs::read_to_string(self.lab.path(name)).unwrap()).concat();
        assert!(ended_well, "{arguments:?}: {said}");
        cost
    }

    /// How many providers a command starts.
    fn started(&self, arguments: &[&str]) -> usize {
        let _ = fs::remove_file(self.lab.path("provider.log"));
        self.run(arguments, true);
        let log = fs::read_to_string(self.lab.path("provider.log")).unwrap();
        log.lines().filter(|line| line.contains(" provider: starting plugin: ")).count()
    }

    fn linked(&self) -> usize {
        let all = std::iter::once(&self.lab.sandbox).chain(&self.others);
        all.filter(|sandbox| {
            let links = sandbox.state()["druva"]["domains"].clone();
            links.as_array().unwrap().iter().any(|link| link["appStatus"] == AppStatus::CONNECTED)
        })
        .count()
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Rows of the table for a number of tenants, and the size of their state in bytes.
fn measure(number: usize) -> (Vec<String>, u64) {
    let tenants = Tenants::new(number);
    let (mut started, mut costs) = ([0; COMMANDS.len()], [const { Vec::<Cost>::new() }; COMMANDS.len()]);
    let mut size = 0;
    for round in 0..ROUNDS {
        for (at, (name, arguments)) in COMMANDS.iter().enumerate() {
            if round == 0 {
                started[at] = tenants.started(arguments);
            } else {
                let cost = tenants.run(arguments, false);
                eprintln!("{number} tenants, {name}: {:.1} s", cost.seconds);
                costs[at].push(cost);
            }
            if at == 0 {
                assert_eq!(tenants.linked(), number, "{name}");
                size = fs::metadata(tenants.lab.path("terraform.tfstate")).unwrap().len();
            }
        }
        assert_eq!(tenants.linked(), 0);
    }
    let rows = COMMANDS.iter().enumerate().map(|(at, (name, _))| {
        let most = costs[at].iter().fold(Moment::default(), |most, cost| most.most(cost.most));
        let seconds = median(costs[at].iter().map(|cost| cost.seconds).collect());
        assert!(started[at] >= number && most.providers >= number, "{name}: {} of {number} at once", most.providers);
        let mebibytes = |kibibytes: u64| format!("{:.0}", kibibytes as f64 / 1024.0);
        let proportional = if most.proportional == 0 { "?".to_owned() } else { mebibytes(most.proportional) };
        format!(
            "| {number} | {name} | {seconds:.1} | {} | {} | {} | {} | {proportional} | {} |",
            started[at],
            most.providers,
            most.threads,
            mebibytes(most.resident),
            mebibytes(most.terraform),
        )
    });
    (rows.collect(), size)
}

#[test]
#[ignore = "takes minutes: make load"]
fn a_hundred_tenants_by_aliases() {
    let build = terraform::other_provider().map_or("debug build".to_owned(), |path| path.display().to_string());
    let numbers = std::env::var("DRUVA_TENANTS").unwrap_or_else(|_| "1 10 100".to_owned());
    let numbers = numbers.split_whitespace().map(|number| number.parse().unwrap());
    let measured: Vec<(usize, _)> = numbers.map(|number| (number, measure(number))).collect();
    eprintln!("\nProvider: {build}\n");
    eprintln!(
        "| tenants | command | s | providers started | at once | their threads | their RSS, MiB | their PSS, MiB | \
         Terraform's RSS, MiB |"
    );
    eprintln!("|---|---|---|---|---|---|---|---|---|");
    measured.iter().flat_map(|(_, (rows, _))| rows).for_each(|row| eprintln!("{row}"));
    eprintln!("\n| tenants | state, bytes |\n|---|---|");
    measured.iter().for_each(|(number, (_, size))| eprintln!("| {number} | {size} |"));
    let (first, last) = (&measured[0], &measured[measured.len() - 1]);
    if last.0 > first.0 {
        let each = (last.1.1 - first.1.1) / (last.0 - first.0) as u64;
        eprintln!("\nEach further tenant adds {each} bytes to the state.");
    }
}
