//! The engine that is tested with: Terraform, or OpenTofu.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use testkit::environment;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Terraform,
    OpenTofu,
}

/// The program, as the user's shell finds Terraform or as `TF_CLI_PATH` says.
pub fn program() -> PathBuf {
    std::env::var_os("TF_CLI_PATH").map_or_else(|| PathBuf::from("terraform"), PathBuf::from)
}

/// What [`program`] is, by its own word.
pub fn engine() -> Engine {
    release().0
}

/// Whether it is Terraform, of this minor release of 1 or a newer one.
pub fn is_terraform_since(minor: u32) -> bool {
    release().0 == Engine::Terraform && release().1 >= minor
}

/// The engine, and the minor release of its version 1.
fn release() -> (Engine, u32) {
    static RELEASE: OnceLock<(Engine, u32)> = OnceLock::new();
    *RELEASE.get_or_init(|| {
        let mut command = Command::new(program());
        let output = environment::own(&mut command).arg("version").env("CHECKPOINT_DISABLE", "1").output();
        let output = output.expect("Terraform or OpenTofu: install it, or let TF_CLI_PATH name it");
        let said = String::from_utf8_lossy(&output.stdout);
        Engine::of(&said).unwrap_or_else(|| panic!("{} says: {said}", program().display()))
    })
}

impl Engine {
    /// Of what `version` prints.
    fn of(said: &str) -> Option<(Self, u32)> {
        let (name, version) = said.split_once(" v1.")?;
        let minor = version.split('.').next()?.parse().ok()?;
        match name {
            "Terraform" => Some((Self::Terraform, minor)),
            "OpenTofu" => Some((Self::OpenTofu, minor)),
            _ => None,
        }
    }

    /// The registry that it asks for a provider whose source names none.
    pub fn registry(self) -> &'static str {
        match self {
            Self::Terraform => "registry.terraform.io",
            Self::OpenTofu => "registry.opentofu.org",
        }
    }

    /// This provider, as it names it.
    pub fn source(self) -> String {
        format!("{}/druva-community/druva", self.registry())
    }
}

#[test]
fn an_engine_is_known_by_what_it_says() {
    assert_eq!(Engine::of("Terraform v1.16.0-rc2\non linux_amd64\n"), Some((Engine::Terraform, 16)));
    assert_eq!(Engine::of("OpenTofu v1.12.6\non linux_amd64\n"), Some((Engine::OpenTofu, 12)));
    assert_eq!(Engine::of("Pulumi v1.0.0"), None);
    assert_eq!(Engine::of(""), None);
}
