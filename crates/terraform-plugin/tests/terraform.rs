//! The examples as Terraform uses them: each is a provider that it starts.
//!
//! Terraform is what `TF_CLI_PATH` says, which may be OpenTofu, or what is on `PATH`.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder with a configuration, and a mirror with one example as the provider `toys/toy`.
struct Lab(tempfile::TempDir);

impl Lab {
    fn with(example: &str, configuration: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let lab = Self(folder);
        for registry in ["registry.terraform.io", "registry.opentofu.org"] {
            let package = lab.path("mirror").join(registry).join("toys/toy/1.0.0").join(platform());
            std::fs::create_dir_all(&package).expect("a mirror");
            std::fs::copy(built(example), package.join("terraform-provider-toy_v1.0.0")).expect("a provider");
        }
        let mirror = lab.path("mirror");
        let rc = format!("provider_installation {{\n  filesystem_mirror {{\n    path = {mirror:?}\n  }}\n}}\n");
        std::fs::write(lab.path("terraform.rc"), rc).expect("a configuration of the CLI");
        lab.configure(configuration);
        lab.succeeds(&["init"]);
        lab
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn configure(&self, configuration: &str) {
        let source = "terraform {\n  required_providers {\n    toy = { source = \"toys/toy\" }\n  }\n}\n";
        std::fs::write(self.path("main.tf"), format!("{source}{configuration}")).expect("a configuration");
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let terraform = std::env::var_os("TF_CLI_PATH").unwrap_or_else(|| "terraform".into());
        let mut command = Command::new(terraform);
        command.current_dir(self.0.path()).args(arguments).env_clear();
        for name in ["PATH", "HOME", "TMPDIR"] {
            command.envs(std::env::var_os(name).map(|value| (name, value)));
        }
        command.env("TF_CLI_CONFIG_FILE", self.path("terraform.rc")).env("TF_IN_AUTOMATION", "1");
        command.output().expect("Terraform is needed: install it, or let TF_CLI_PATH name it")
    }

    fn succeeds(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{arguments:?}: {said}");
        said
    }

    fn fails(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(!output.status.success(), "{arguments:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    fn apply(&self) -> String {
        self.succeeds(&["apply", "-auto-approve", "-no-color"])
    }

    fn plan(&self) -> String {
        self.succeeds(&["plan", "-no-color"])
    }
}

/// `cargo test` builds the examples of a package before all of its tests, but not before one that is named.
fn built(example: &str) -> PathBuf {
    let test = std::env::current_exe().expect("this program");
    let profile = test.parent().and_then(Path::parent).expect("a folder for each profile");
    let program = profile.join("examples").join(format!("{example}{}", std::env::consts::EXE_SUFFIX));
    assert!(program.is_file(), "type: cargo build --package terraform-plugin --examples");
    program
}

fn platform() -> String {
    let os = if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS };
    let arch = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    format!("{os}_{arch}")
}

#[test]
fn a_note_is_written_changed_replaced_found_lost_and_deleted() {
    let lab = Lab::with("toy", "resource \"toy_note\" \"a\" {\n  path = \"a.txt\"\n}\n");
    let planned = lab.plan();
    assert!(planned.contains("+ text   = \"Nothing to note.\""), "{planned}");
    assert!(planned.contains("+ length = 16"), "{planned}");
    lab.apply();
    assert_eq!(std::fs::read_to_string(lab.path("a.txt")).expect("a file"), "Nothing to note.");
    assert!(lab.plan().contains("No changes."));

    lab.configure("resource \"toy_note\" \"a\" {\n  path = \"a.txt\"\n  text = \"Milk\"\n}\n");
    assert!(lab.apply().contains("1 changed"));
    assert_eq!(std::fs::read_to_string(lab.path("a.txt")).expect("a file"), "Milk");

    lab.configure("resource \"toy_note\" \"a\" {\n  path = \"b.txt\"\n  text = \"Milk\"\n}\n");
    let replaced = lab.apply();
    assert!(replaced.contains("must be replaced") && replaced.contains("forces replacement"), "{replaced}");
    assert!(!lab.path("a.txt").exists() && lab.path("b.txt").exists());

    std::fs::remove_file(lab.path("b.txt")).expect("a file");
    assert!(lab.plan().contains("1 to add"));
    lab.apply();

    lab.succeeds(&["state", "rm", "toy_note.a"]);
    lab.succeeds(&["import", "toy_note.a", "b.txt"]);
    assert!(lab.plan().contains("No changes."));
    lab.succeeds(&["destroy", "-auto-approve"]);
    assert!(!lab.path("b.txt").exists());
}

#[test]
fn what_is_unknown_until_the_apply_replaces_nothing() {
    let with = |text: &str| {
        format!(
            "resource \"toy_note\" \"a\" {{\n  path = \"a.txt\"\n  text = {text}\n}}\n\
             resource \"toy_note\" \"b\" {{\n  path = \"b${{toy_note.a.length}}.txt\"\n}}\n"
        )
    };
    let lab = Lab::with("toy", &with("\"one\""));
    lab.apply();
    lab.configure(
        &with("\"${terraform_data.now.id}\"").replace(
            "resource \"toy_note\" \"a\"",
            "resource \"terraform_data\" \"now\" {}\nresource \"toy_note\" \"a\"",
        ),
    );
    let planned = lab.plan();
    assert!(planned.contains("0 to destroy"), "{planned}");
}

#[test]
fn an_error_is_on_the_argument_that_it_is_about() {
    let lab = Lab::with("toy", "resource \"toy_note\" \"a\" {\n  path   = \"\"\n  length = 3\n}\n");
    let said = lab.fails(&["validate", "-no-color"]);
    assert!(said.contains("The path is empty") && said.contains("Read-only attribute"), "{said}");
    assert!(said.contains("on main.tf line"), "{said}");

    lab.configure("resource \"toy_note\" \"a\" {\n  path = \"no/such/folder/a.txt\"\n}\n");
    let said = lab.fails(&["apply", "-auto-approve", "-no-color"]);
    assert!(said.contains("Cannot use no/such/folder/a.txt"), "{said}");
    assert_eq!(lab.succeeds(&["state", "list"]), "");
}

#[test]
fn the_readme_s_provider_greets() {
    let readme = include_str!("../README.md");
    let block = readme.split("```hcl\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a block");
    let output = "output \"text\" {\n  value = data.toy_greeting.ada.text\n}\n";
    let lab = Lab::with("readme", &format!("{block}{output}"));
    lab.apply();
    assert_eq!(lab.succeeds(&["output", "-raw", "text"]), "Hello, Ada!");
}

#[test]
fn the_readme_shows_that_very_provider() {
    let (readme, example) = (include_str!("../README.md"), include_str!("../examples/readme.rs"));
    assert!(readme.contains(&format!("```rust\n{example}```\n")), "README.md differs from examples/readme.rs");
}
