//! A hundred provider processes at once: one for each alias of the provider block.

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, test_kill_process_group};
use serde_json::json;
use testkit::sandbox::Sandbox;

use crate::lab::{Lab, provider_block};

const PROVIDERS: usize = 100;

/// The resident memory, in megabytes, of each provider that is a child of Terraform now.
fn providers(terraform: u32) -> Vec<f64> {
    let resident = |id: &str| {
        let status = std::fs::read_to_string(Path::new("/proc").join(id).join("status")).ok()?;
        let field = |name: &str| status.lines().find_map(|line| Some(line.strip_prefix(name)?.trim().to_owned()));
        let is_provider = field("Name:")?.starts_with("terraform-provi") && field("PPid:")? == terraform.to_string();
        let kilobytes = field("VmRSS:")?;
        is_provider.then_some(kilobytes.split(' ').next()?.parse::<f64>().ok()? / 1024.0)
    };
    let entries = std::fs::read_dir("/proc").unwrap();
    entries.filter_map(|entry| resident(entry.ok()?.file_name().to_str()?)).collect()
}

#[test]
#[ignore = "takes a minute: make load"]
fn a_hundred_providers_at_once_come_up_and_leave_nothing_behind() {
    let sandbox = Sandbox::start().list_any_type();
    let aliases: Vec<String> =
        (0..PROVIDERS).map(|number| provider_block(&sandbox, &format!("alias = \"number_{number}\""))).collect();
    let resources: Vec<String> = (0..PROVIDERS)
        .map(|number| {
            format!(
                "resource \"druva_okta_integration\" \"number_{number}\" {{\n  provider = druva.number_{number}\n  \
                 type = \"number_{number}\"\n}}"
            )
        })
        .collect();
    let mut lab = Lab::with_sandbox(sandbox, &aliases.join("\n"), &resources.join("\n"));
    lab.sandbox.settings(json!({"okta_rate_limit_per_minute": 100_000}));
    // None ends before all of them are there.
    let hold = json!({"method": "GET", "path": "/api-services$", "times": PROVIDERS, "do": {"delay_ms": 12_000}});
    lab.sandbox.fault(hold);
    std::fs::create_dir(lab.path("tmp")).unwrap();
    lab.set_environment("TMPDIR", lab.path("tmp").to_str().unwrap());

    let start = Instant::now();
    let mut terraform = lab
        .terraform()
        .env("TF_LOG", "INFO")
        .args(["apply", "-auto-approve", "-parallelism=200", "-no-color"])
        .process_group(0)
        .stdout(Stdio::from(std::fs::File::create(lab.path("output")).unwrap()))
        .stderr(Stdio::from(std::fs::File::create(lab.path("errors")).unwrap()))
        .spawn()
        .unwrap();
    let group = Pid::from_child(&terraform);
    let (mut most, mut memory) = (0, 0.0_f64);
    let status = loop {
        if let Some(status) = terraform.try_wait().unwrap() {
            break status;
        }
        let resident = providers(terraform.id());
        most = most.max(resident.len());
        memory = memory.max(resident.iter().sum());
        std::thread::sleep(Duration::from_millis(200));
    };
    eprintln!("{most} providers at once, {memory:.0} MB resident in all, {:.1} s", start.elapsed().as_secs_f64());
    let said = ["output", "errors"].map(|name| std::fs::read_to_string(lab.path(name)).unwrap()).concat();
    assert!(status.success(), "{said}");
    assert!(most >= PROVIDERS, "{most} at once");
    assert!(test_kill_process_group(group).is_err(), "a process is left behind");
    let left: Vec<_> = std::fs::read_dir(lab.path("tmp")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.is_empty(), "left behind: {left:?}");
    assert_eq!(lab.sandbox.state()["okta"]["integrations"].as_array().unwrap().len(), PROVIDERS);
}
