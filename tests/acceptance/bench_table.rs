//! `make bench`: its tables, from results as its programs write them, their way into the guide, and a run of it beside a peer.

use std::path::Path;
use std::process::{Command, Output};

use testkit::environment;

use crate::documentation::root;

/// Two rounds; the medians are of all runs.
const MEASURED: &str = r#"
{"who": "alone", "operation": "plan", "number": 1, "latency": 0, "seconds": 0.05, "terraform": 0.063, "starts": []}
{"who": "alone", "operation": "plan", "number": 1, "latency": 0, "seconds": 0.06, "terraform": 0.073, "starts": []}
{"who": "alone", "operation": "apply", "number": 100, "latency": 0, "seconds": 0.0625, "terraform": 0.4, "starts": []}
{"who": "provider", "operation": "plan", "number": 1, "latency": 0, "seconds": 0.1, "terraform": 0.177,
 "starts": [0.004, 0.004, 0.007], "okta": {"requests": 2, "received": 412, "sent": 1890},
 "druva": {"requests": 0, "received": 0, "sent": 0}}
{"who": "provider", "operation": "plan", "number": 1, "latency": 0, "seconds": 0.3, "terraform": 0.377,
 "starts": [0.005, 0.005, 0.008], "okta": {"requests": 2, "received": 412, "sent": 1890},
 "druva": {"requests": 0, "received": 0, "sent": 0}}
{"who": "provider", "operation": "plan", "number": 1, "latency": 50, "seconds": 0.25, "terraform": 9, "starts": [9],
 "okta": {"requests": 9, "received": 9, "sent": 9}, "druva": {"requests": 9, "received": 9, "sent": 9}}
{"who": "provider", "operation": "apply", "number": 100, "latency": 0, "seconds": 0.9999, "terraform": 1.5,
 "starts": [0.1, 0.1, 0.1, 0.2], "okta": {"requests": 250, "received": 41234, "sent": 1234567},
 "druva": {"requests": 151, "received": 2050, "sent": 49}}
{"who": "provider", "operation": "apply", "number": 100, "latency": 50, "seconds": 12.345, "terraform": 9, "starts": [9],
 "okta": {"requests": 9, "received": 9, "sent": 9}, "druva": {"requests": 9, "received": 9, "sent": 9}}
{"start": "start of it", "seconds": [0.00549], "processor": [0.002, 0.003]}
{"start": "start of it", "seconds": [], "processor": [0.0041]}
{"hot": "a hash", "seconds": 1.234e-7}
{"hot": "a handshake", "seconds": 9.5e-10}
"#;

const TABLE: &str = "\
Time of the processor, in milliseconds:

|  | Terraform alone | Terraform | provider | its share | starts | for each |
| --- | --: | --: | --: | --: | --: | --: |
| `plan` of 1 | 68 | 277 | 17 | 6 % | 3 | 5.5 |
| `apply` of 100 | 400 | 1500 | 500 | 25 % | 4 | 125 |

Time on the clock:

|  | Terraform alone | provider | provider, 50 ms latency |
| --- | --: | --: | --: |
| `plan` of 1 | 55.0 ms | 200 ms | 250 ms |
| `apply` of 100 | 62.5 ms | 1.00 s | 12.3 s |

Sent, with kilobytes of HTTP to and from each:

|  | requests to Okta | kB to | kB from | requests to Druva | kB to | kB from |
| --- | --: | --: | --: | --: | --: | --: |
| `plan` of 1 | 2 | 0.4 | 1.9 | 0 | 0.0 | 0.0 |
| `apply` of 100 | 250 | 41.2 | 1234.6 | 151 | 2.1 | 0.0 |

|  | median | of the processor |
| --- | --: | --: |
| start of it | 5.49 ms | 3.00 ms |
| a hash | 123 ns |  |
| a handshake | 0.95 ns |  |
";

#[test]
fn medians_and_shares_of_all_rounds_are_tables() {
    let folder = tempfile::tempdir().unwrap();
    let (measured, table) = (folder.path().join("measured.json"), folder.path().join("table.md"));
    std::fs::write(&measured, MEASURED).unwrap();
    let output = Command::new("jq")
        .env("PATH", environment::path())
        .args(["-nr", "--arg", "peer", "", "-f"])
        .arg(root().join("bench/table.jq"))
        .arg(&measured)
        .output()
        .expect("jq");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(String::from_utf8_lossy(&output.stdout), TABLE);

    std::fs::write(&table, TABLE).unwrap();
    let guide = folder.path().join("guide.md");
    std::fs::copy(root().join("templates/guides/performance.md.tmpl"), &guide).unwrap();
    let fill = |script: &str| {
        let words = format!("set -euo pipefail; source {}/tools/lab.sh; fill_table \"$@\"", root().display());
        let mut bash = Command::new("bash");
        bash.args(["-c", &words, "bash", script]).arg(&table).arg(&guide).status().unwrap().success()
    };
    assert!(fill("tools/bench") && fill("tools/bench"));
    let filled = std::fs::read_to_string(&guide).unwrap();
    assert_eq!(filled.matches(TABLE).count(), 1, "{filled}");
    assert!(!fill("tools/other"), "no place for it");
    assert_eq!(std::fs::read_to_string(&guide).unwrap(), filled);
}

/// This provider, as another one of another name: what it sends is counted for itself.
const PEER: &str = r#"
terraform {
  required_providers {
    druva = { source = "example/druva" }
  }
}

resource "druva_okta_integration" "each" {
  count = NUMBER
  type  = "number_${count.index}"
}
"#;

#[test]
fn a_peer_is_measured_in_the_same_rounds() {
    let folder = tempfile::tempdir().unwrap();
    let peer = folder.path().join("terraform-provider-peer");
    std::os::unix::fs::symlink(environment::built_beside_the_provider("terraform-provider-druva"), &peer).unwrap();
    let output = bench(&peer);
    assert!(!output.status.success(), "there is no configuration");
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no"), "{output:?}");

    std::fs::write(folder.path().join("terraform-provider-peer.tf"), PEER).unwrap();
    let output = bench(&peer);
    let tables = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{tables}\n{}", String::from_utf8_lossy(&output.stderr));
    let rows: Vec<Vec<&str>> = tables.lines().map(|line| line.split(" | ").collect()).collect();
    let row = |first: &str, columns: usize| {
        let found = rows.iter().find(|row| row[0].trim_start_matches("| ") == first && row.len() == columns);
        found.unwrap_or_else(|| panic!("no row {first} with {columns} columns: {tables}")).clone()
    };
    assert!(row("", 10)[7..9] == ["Terraform with terraform-provider-peer", "terraform-provider-peer"], "{tables}");
    let number = |text: &str| text.parse::<f64>().unwrap_or_else(|_| panic!("{text} is no number: {tables}"));
    for (operation, starts) in [("`plan` of 2", "3"), ("`apply` of 2", "4")] {
        let times = row(operation, 10);
        assert_eq!(times[5], starts, "{tables}");
        for time in [times[1], times[2], times[3], times[7], times[8]] {
            assert!(number(time) > 0.0, "{tables}");
        }
    }
    // The provider has an integration and its link, the peer two integrations.
    let plan = &rows.iter().rfind(|row| row[0] == "| `plan` of 2").expect("a row")[1..];
    assert_eq!((plan[0], plan[3], plan[6]), ("2", "2", "3"), "{tables}");
    assert!(tables.contains("start of terraform-provider-peer, until its handshake line"), "{tables}");
}

fn bench(peer: &Path) -> Output {
    let mut bash = Command::new("bash");
    bash.arg(root().join("tools/bench")).arg("--smoke").env("BENCH_PEER", peer).env("PATH", environment::path());
    bash.output().expect("bash")
}
