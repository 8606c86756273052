//! The table of `make bench`, from results as hyperfine and criterion write them, and its way into the guide.

use std::process::Command;

use crate::documentation::root;

/// Two rounds; the medians are of all runs.
const MEASURED: &str = r#"
{"results": [
  {"command": "plan 1 alone", "mean": 9, "times": [0.05, 0.06, 0.04]},
  {"command": "plan 1 0", "times": [0.1]},
  {"command": "plan 1 50", "times": [0.26, 0.24]}
]}
{"results": [{"command": "plan 1 alone", "times": [9.9]}]}
{"results": [
  {"command": "apply 100 alone", "times": [0.0625]},
  {"command": "apply 100 0", "times": [0.9999]},
  {"command": "apply 100 50", "times": [12.345]},
  {"command": "plan 100 alone", "times": [0.09996]},
  {"command": "plan 100 0", "times": [0.0005]},
  {"command": "plan 100 50", "times": [123.4]}
]}
{"results": [{"command": "start of it", "times": [0.00549]}]}
{"hot": "a hash", "seconds": 1.234e-7}
{"hot": "a handshake", "seconds": 9.5e-10}
"#;

const TABLE: &str = "\
|  | Terraform alone | provider | ratio | provider, 50 ms latency | ratio |
| --- | --: | --: | --: | --: | --: |
| `plan` of 1 | 55.0 ms | 100 ms | 1.82× | 250 ms | 4.55× |
| `plan` of 100 | 100 ms | 500 µs | 0.01× | 123 s | 1234× |
| `apply` of 100 | 62.5 ms | 1.00 s | 16.0× | 12.3 s | 198× |

|  | median |
| --- | --: |
| start of it | 5.49 ms |
| a hash | 123 ns |
| a handshake | 0.95 ns |
";

#[test]
fn medians_and_ratios_of_all_rounds_are_one_table() {
    let folder = tempfile::tempdir().unwrap();
    let (measured, table) = (folder.path().join("measured.json"), folder.path().join("table.md"));
    std::fs::write(&measured, MEASURED).unwrap();
    let output = Command::new("jq")
        .env("PATH", testkit::environment::path())
        .args(["-nrf"])
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
