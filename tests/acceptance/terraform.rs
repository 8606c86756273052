//! A mirror that gives the engine the built provider.

use std::env::consts::EXE_SUFFIX;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::engine::engine;

pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A CLI configuration whose only source of providers is a mirror with the one that was built, or with the one that
/// `DRUVA_PROVIDER` names, such as a release.
pub fn cli_config() -> &'static Path {
    static CONFIG: OnceLock<PathBuf> = OnceLock::new();
    CONFIG.get_or_init(|| {
        let other = other_provider();
        let folder = if other.is_some() { "acceptance-other" } else { "acceptance" };
        let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(folder);
        std::fs::create_dir_all(&home).unwrap();
        // Beside it at first: another run of the tests may be using what is there.
        let fresh = home.join(format!("fresh-{}", std::process::id()));
        let built = other.unwrap_or_else(|| env!("CARGO_BIN_EXE_terraform-provider-druva").into());
        if !without_symbols(&built, &fresh) {
            std::fs::hard_link(&built, &fresh).or_else(|_| std::fs::copy(&built, &fresh).map(drop)).unwrap();
        }
        let package = home.join("mirror").join(engine().source()).join(VERSION).join(platform());
        std::fs::create_dir_all(&package).unwrap();
        std::fs::rename(&fresh, package.join(format!("terraform-provider-druva_v{VERSION}{EXE_SUFFIX}"))).unwrap();
        // Where both are the same file already, renaming does nothing.
        let _ = std::fs::remove_file(&fresh);
        let config = home.join("terraform.rc");
        let mirror = home.join("mirror");
        std::fs::write(
            &fresh,
            format!("provider_installation {{\n  filesystem_mirror {{\n    path = {mirror:?}\n  }}\n}}\n"),
        )
        .unwrap();
        std::fs::rename(&fresh, &config).unwrap();
        config
    })
}

/// Leaves out what only debuggers read: Terraform hashes all of the provider at each start, which would be a fifth of the time
/// that the tests take. Whether that worked.
fn without_symbols(built: &Path, provider: &Path) -> bool {
    let mut strip = Command::new("strip");
    cfg!(target_os = "linux")
        && strip.arg("-s").arg("-o").arg(provider).arg(built).status().is_ok_and(|end| end.success())
}

/// Puts the provider where `terraform init` puts it.
pub fn install(folder: &Path) {
    let package = Path::new(&engine().source()).join(VERSION);
    let providers = folder.join(".terraform/providers");
    std::fs::create_dir_all(providers.join(&package)).unwrap();
    let package = package.join(platform());
    link_or_copy(&cli_config().with_file_name("mirror").join(&package), &providers.join(&package));
}

#[cfg(unix)]
fn link_or_copy(from: &Path, to: &Path) {
    std::os::unix::fs::symlink(from, to).unwrap();
}

#[cfg(not(unix))]
fn link_or_copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// One certificate, of nobody. The provider reads all those of the system at its start, hundreds, unless `SSL_CERT_FILE` names
/// others; most tests speak no TLS.
pub fn no_certificates() -> &'static Path {
    static FILE: OnceLock<PathBuf> = OnceLock::new();
    FILE.get_or_init(|| {
        let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("nobody.pem");
        let mut nobody = rcgen::CertificateParams::new(["nobody.invalid".to_owned()]).unwrap();
        // Not the name that rcgen gives to the others, which would seem to be issued by this one.
        nobody.distinguished_name.push(rcgen::DnType::CommonName, "nobody");
        let nobody = nobody.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
        std::fs::write(&file, nobody.pem()).unwrap();
        file
    })
}

/// What is tested instead of what was built with the tests.
pub fn other_provider() -> Option<PathBuf> {
    std::env::var_os("DRUVA_PROVIDER").map(PathBuf::from)
}

/// Go's name of the platform that the tests run on.
pub fn platform() -> String {
    format!("{}_{}", go_os(), go_architecture())
}

fn go_os() -> &'static str {
    match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    }
}

fn go_architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}
