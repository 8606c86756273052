//! The guide on installation, done on a machine that has nothing: its commands as a reader types them, from a release that is signed
//! as one is, until Terraform has the provider. It needs gpg, as its reader does. See also [`crate::checked_release`].

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use druva_docs::markdown::code_blocks;

use crate::documentation::{block, files, root};
use crate::engine::engine;
use crate::mirrors::dist;
use crate::pipelines::copy;
use crate::printed::Printed;
use crate::terraform::{self, VERSION, platform};

/// A block of the guide, for the version that is tested.
fn of_the_guide(language: &str, heading: &str, place: usize) -> String {
    block("installation", language, heading, place).replace("0.1.0", VERSION)
}

/// Somebody's machine: a home, a folder `work`, and programs that come first on PATH.
pub struct Machine(tempfile::TempDir);

/// In the place of curl: what it would download lies in a folder.
const CURL: &str = "#!/bin/sh\necho \"$*\" >\"$HERE/curl\"\ncp \"$HERE/release/\"terraform-provider-druva_* .\n";

impl Machine {
    pub fn new() -> Self {
        let machine = Self(tempfile::tempdir().unwrap());
        for name in ["bin", "home", "work", "release", "project"] {
            fs::create_dir(machine.path(name)).unwrap();
        }
        machine.program("curl", CURL);
        if let Some(program) = std::env::var_os("TF_CLI_PATH") {
            machine.program("terraform", &format!("#!/bin/sh\nexec \"{}\" \"$@\"\n", program.to_string_lossy()));
        }
        machine
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn program(&self, name: &str, text: &str) {
        fs::write(self.path("bin").join(name), text).unwrap();
        fs::set_permissions(self.path("bin").join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// A command with the environment of this machine, in one of its folders.
    fn command(&self, program: impl AsRef<Path>, folder: &str, home: &str) -> Command {
        let path = format!("{}:{}", self.path("bin").display(), testkit::environment::path().to_string_lossy());
        let mut command = Command::new(program.as_ref());
        testkit::environment::own(&mut command)
            .env("PATH", path)
            .env("HOME", self.path(home))
            .env("HERE", self.0.path())
            .env("CHECKPOINT_DISABLE", "1")
            .env("TF_CLI_ARGS_init", "-no-color")
            .current_dir(self.path(folder));
        command
    }

    /// What somebody types.
    pub fn types(&self, text: &str, folder: &str, home: &str) -> Printed {
        let text = text.replace("linux_amd64", &platform()).replace("registry.terraform.io", engine().registry());
        Printed::from(&self.command("bash", folder, home).args(["-euo", "pipefail", "-c", &text]).output().unwrap())
    }

    /// A block of the guide.
    fn does(&self, heading: &str, place: usize, folder: &str) -> Printed {
        self.types(&of_the_guide("shell", heading, place), folder, "home").expect_success()
    }

    /// A release of two platforms, with sums and signatures. The provider is the built one; that for the other platform is none.
    pub fn release(&self) {
        let folder = self.path("release");
        let licenses = folder.join("THIRD-PARTY-LICENSES.txt");
        fs::write(&licenses, "licences of libraries\n").unwrap();
        fs::write(self.path("other"), "#!/bin/sh\n").unwrap();
        let built = terraform::cli_config().with_file_name("mirror").join(engine().source()).join(VERSION);
        let built = built.join(platform()).join(format!("terraform-provider-druva_v{VERSION}"));
        dist(&[Path::new("--pack"), &built, &licenses, &folder]);
        dist(&[Path::new("--pack"), &self.path("other"), &licenses, &folder, Path::new("aarch64-apple-darwin")]);
        fs::remove_file(licenses).unwrap();
        fs::write(folder.join(format!("terraform-provider-druva_{VERSION}_{}.cdx.json", platform())), "{}\n").unwrap();
        dist(&[Path::new("--sums"), &folder]);

        // Of the maintainers, who have a machine of their own.
        fs::create_dir(self.path("keys")).unwrap();
        fs::set_permissions(self.path("keys"), fs::Permissions::from_mode(0o700)).unwrap();
        let gpg = |arguments: &[&str]| {
            let mut command = self.command("gpg", "work", "home");
            command.env("GNUPGHOME", self.path("keys")).args(["--batch", "--passphrase", ""]).args(arguments);
            command.output().expect("gpg, of the package gnupg")
        };
        let _ =
            Printed::from(&gpg(&["--quick-generate-key", "Maintainers <m@example.com>", "rsa2048", "sign", "never"]))
                .expect_success();
        let key = gpg(&["--armor", "--export-secret-keys"]).stdout;
        let _ = self
            .command("gpgconf", "work", "home")
            .env("GNUPGHOME", self.path("keys"))
            .args(["--kill", "all"])
            .status();
        let mut sign = self.command(root().join("tools/sign"), "work", "home");
        sign.arg(&folder).env("GPG_PRIVATE_KEY", String::from_utf8(key).unwrap());
        let _ = Printed::from(&sign.output().unwrap()).expect_success();
    }

    fn zip(&self, platform: &str) -> PathBuf {
        self.path("release").join(format!("terraform-provider-druva_{VERSION}_{platform}.zip"))
    }
}

impl Drop for Machine {
    /// The agent that gpg started in this home.
    fn drop(&mut self) {
        let _ = self.command("gpgconf", "work", "home").args(["--kill", "all"]).status();
    }
}

const CHECK: &str = "Check the signature";
const FOR_ONE_USER: &str = "Install it for one user";

#[test]
fn the_commands_of_the_guide_install_a_release() {
    let machine = Machine::new();
    machine.release();
    machine.does("Download a release", 0, "work");
    let asked = fs::read_to_string(machine.path("curl")).unwrap();
    assert!(asked.contains(&format!("releases/download/v{VERSION}/terraform-provider-druva_{VERSION}_{{")), "{asked}");
    for part in ["_signing_key.asc", "_SHA256SUMS", "_SHA256SUMS.sig"] {
        assert!(machine.path(&format!("release/terraform-provider-druva_{VERSION}{part}")).exists(), "{part}");
    }
    machine.does(CHECK, 0, "work").says(&["Maintainers <m@example.com>"]);
    machine.does(CHECK, 1, "work").says(&[
        "Good signature from \"Maintainers",
        &format!("{}: OK", machine.zip(&platform()).file_name().unwrap().to_string_lossy()),
    ]);

    machine.does(FOR_ONE_USER, 0, "work");
    fs::write(machine.path("project/versions.tf"), of_the_guide("terraform", FOR_ONE_USER, 0)).unwrap();
    let installed = format!("Installed druva-community/druva v{VERSION} (unauthenticated)");
    machine.does(FOR_ONE_USER, 1, "project").says(&[&installed, "Incomplete lock file information"]);

    // The lock file for two platforms, and a pipeline that has only that file and the zip.
    let providers = machine.path("home/.terraform.d/plugins").join(engine().source());
    let other = machine.zip("darwin_arm64");
    fs::copy(&other, providers.join(other.file_name().unwrap())).unwrap();
    let checksums =
        || fs::read_to_string(machine.path("project/.terraform.lock.hcl")).unwrap().matches("\"h1:").count();
    assert_eq!(checksums(), 1);
    machine.does("The lock file", 0, "project");
    assert_eq!(checksums(), 2);
    fs::remove_dir_all(machine.path("project/.terraform")).unwrap();
    machine.does("The lock file", 1, "project").says(&[&installed]);
    assert_eq!(checksums(), 2);
    machine.types("terraform validate", "project", "home").expect_success();

    // The vendored provider, where the user has none.
    for name in ["vendored", "nobody"] {
        fs::create_dir(machine.path(name)).unwrap();
    }
    fs::copy(machine.path("project/versions.tf"), machine.path("vendored/versions.tf")).unwrap();
    fs::copy(machine.zip(&platform()), machine.path("vendored").join(machine.zip(&platform()).file_name().unwrap()))
        .unwrap();
    machine.does("HCP Terraform and Terraform Enterprise", 0, "vendored");
    machine.types("terraform init -lockfile=readonly", "vendored", "nobody").expect_success().says(&[&installed]);
    machine.types("terraform validate", "vendored", "nobody").expect_success();

    // Another provider under the same name. What Terraform says is in the guide's table.
    let page = fs::read_to_string(root().join("docs/guides/installation.md")).unwrap();
    fs::copy(&other, providers.join(machine.zip(&platform()).file_name().unwrap())).unwrap();
    fs::remove_dir_all(machine.path("project/.terraform")).unwrap();
    let says = "doesn't match any of the checksums previously recorded in the dependency lock file";
    assert!(page.contains(says));
    fs::write(machine.path("project/.terraform.lock.hcl"), {
        let lock = fs::read_to_string(machine.path("project/.terraform.lock.hcl")).unwrap();
        lock.replace("\"h1:", "\"h1:0")
    })
    .unwrap();
    machine.types("terraform init", "project", "home").expect_failure().says(&[says]);
}

/// As its README says: from a folder with a release that was checked, for two platforms.
#[test]
fn the_pipelines_of_the_example_get_a_lock_file_for_all_their_platforms() {
    let machine = Machine::new();
    machine.release();
    fs::rename(machine.path("release"), machine.path("home/Downloads")).unwrap();
    copy(&root().join("examples/ci"), &machine.path("project"));
    let readme = code_blocks(&files()["examples/ci/README.md"]);
    let typed = readme.into_iter().find(|block| block.heading == "The first time").unwrap().text;
    machine.types(&typed.replace("0.1.0", VERSION), "project", "home").expect_success();
    let lock = fs::read_to_string(machine.path("project/.terraform.lock.hcl")).unwrap();
    assert_eq!(lock.matches("\"h1:").count(), 2, "{lock}");
}
