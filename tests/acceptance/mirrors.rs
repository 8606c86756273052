//! What a release consists of, and Terraform that installs the provider from it through both kinds of mirror.
//!
//! The zip is made as a release's is, from the binary of the other tests.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use testkit::environment::built_beside_the_provider;

use crate::documentation::block;
use crate::engine::engine;
use crate::lab::{BOTH, Lab};
use crate::printed::Printed;
use crate::terraform::{VERSION, platform};

const EPOCH: &str = "1700000000";
const TEXTS: [&str; 4] = ["CHANGELOG.md", "LICENSE", "README.md", "THIRD-PARTY-LICENSES.txt"];

pub fn zip_name() -> String {
    format!("terraform-provider-druva_{VERSION}_{}.zip", platform())
}

fn program_name() -> String {
    format!("terraform-provider-druva_v{VERSION}")
}

/// A file of the repository.
fn ours(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

pub fn dist(arguments: &[&Path]) {
    let mut command = Command::new(ours("tools/dist"));
    // What Cargo and rustup have in the environment, they need.
    command.args(arguments).env("DRUVA_PACK", built_beside_the_provider("druva-provider-pack"));
    let printed = Printed::from(&command.env("SOURCE_DATE_EPOCH", EPOCH).output().unwrap());
    assert!(printed.succeeded, "{arguments:?}: {}", printed.text);
}

/// The folder with the release, which is made once.
pub fn release() -> &'static Path {
    static RELEASE: OnceLock<PathBuf> = OnceLock::new();
    RELEASE.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("release");
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let licenses = folder.join(TEXTS[3]);
        std::fs::write(&licenses, "licences of libraries\n").unwrap();
        let binary = Path::new(env!("CARGO_BIN_EXE_terraform-provider-druva"));
        dist(&[Path::new("--pack"), binary, &licenses, &folder]);
        std::fs::write(folder.join(sbom_name()), "{}\n").unwrap();
        dist(&[Path::new("--sums"), &folder]);
        folder
    })
}

fn sbom_name() -> String {
    zip_name().replace(".zip", ".cdx.json")
}

fn sha256(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file in the zip.
struct Member {
    name: String,
    mode: u32,
    bytes: Vec<u8>,
}

/// What is in the zip, in its order.
fn members() -> &'static [Member] {
    static MEMBERS: OnceLock<Vec<Member>> = OnceLock::new();
    MEMBERS.get_or_init(|| {
        let mut zip = zip::ZipArchive::new(std::fs::File::open(release().join(zip_name())).unwrap()).unwrap();
        let members = (0..zip.len()).map(|at| {
            let mut member = zip.by_index(at).unwrap();
            assert_eq!(member.last_modified().unwrap().to_string(), "2023-11-14 22:13:20");
            let mut bytes = Vec::new();
            member.read_to_end(&mut bytes).unwrap();
            Member { name: member.name().unwrap().to_string(), mode: member.unix_mode().unwrap() & 0o7777, bytes }
        });
        members.collect()
    })
}

/// Terraform's hash of what is in the zip, in the scheme `h1`.
fn h1() -> String {
    let mut files: Vec<_> = members().iter().map(|member| (&member.name, sha256(&member.bytes))).collect();
    files.sort();
    let lines: String = files.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect();
    format!("h1:{}", BASE64_STANDARD.encode(digest(&SHA256, lines.as_bytes())))
}

/// The sums in a file, by name.
fn sums(file: &str) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(release().join(file)).unwrap();
    text.lines().map(|line| line.split_once("  ").unwrap()).map(|(sum, name)| (name.into(), sum.into())).collect()
}

/// Terraform's hash of the zip itself, in the scheme `zh`, as the release states it.
fn zh() -> String {
    format!("zh:{}", sums(&format!("terraform-provider-druva_{VERSION}_SHA256SUMS"))[&zip_name()])
}

/// A lab whose Terraform has nothing but one source of providers, and has not installed yet.
fn with_cli_configuration(text: &str) -> Lab {
    let mut lab = Lab::new(BOTH);
    std::fs::remove_dir_all(lab.path(".terraform")).unwrap();
    std::fs::remove_file(lab.path(".terraform.lock.hcl")).unwrap();
    lab.write("mirror.rc", &text.replace("registry.terraform.io", engine().registry()));
    lab.set_environment("TF_CLI_CONFIG_FILE", lab.path("mirror.rc").to_str().unwrap());
    lab
}

/// Installs, and checks that this came out of the zip and works.
fn installs_and_works(lab: &Lab) {
    lab.run(&["init"]).expect_success().says(&[&format!("Installed druva-community/druva v{VERSION}")]);
    let lock = std::fs::read_to_string(lab.path(".terraform.lock.hcl")).unwrap();
    assert!(lock.contains(&format!("\"{}\"", h1())), "{} is not in:\n{lock}", h1());
    let installed = lab.path(".terraform/providers").join(engine().source()).join(VERSION).join(platform());
    for Member { name, bytes, .. } in members() {
        assert!(std::fs::read(installed.join(name)).unwrap() == *bytes, "{name} is another one");
    }
    lab.apply();
    lab.destroy();
}

#[test]
fn the_zip_has_the_provider_and_the_texts_and_nothing_else() {
    let listed: Vec<_> = members().iter().map(|member| (member.name.as_str(), member.mode)).collect();
    let program = program_name();
    let texts = TEXTS.map(|name| (name, 0o644));
    assert_eq!(listed, [&texts[..], &[(&program, 0o755)]].concat());
    for Member { name, bytes, .. } in members() {
        let source = match name.as_str() {
            "THIRD-PARTY-LICENSES.txt" => release().join(name),
            name if name == program => env!("CARGO_BIN_EXE_terraform-provider-druva").into(),
            name => ours(name),
        };
        assert!(std::fs::read(source).unwrap() == *bytes, "{name} is another one");
    }
}

#[test]
fn the_sums_are_those_of_the_zip_and_the_manifest_and_the_sbom_has_its_own() {
    let manifest = format!("terraform-provider-druva_{VERSION}_manifest.json");
    let listed = sums(&format!("terraform-provider-druva_{VERSION}_SHA256SUMS"));
    assert_eq!(listed.keys().collect::<Vec<_>>(), [&zip_name(), &manifest]);
    let others = sums(&format!("terraform-provider-druva_{VERSION}_sbom_checksums.txt"));
    assert_eq!(others.keys().collect::<Vec<_>>(), [&sbom_name()]);
    for (name, sum) in listed.into_iter().chain(others) {
        assert_eq!(sha256(&std::fs::read(release().join(&name)).unwrap()), sum, "{name}");
    }
    let manifest: Value = serde_json::from_slice(&std::fs::read(release().join(manifest)).unwrap()).unwrap();
    assert_eq!(manifest, json!({"version": 1, "metadata": {"protocol_versions": ["6.0"]}}));
}

#[test]
fn terraform_installs_from_a_folder_with_the_zip_as_the_guide_configures_it() {
    let text = block("installation", "text", "A folder", 0);
    assert!(text.contains("\"/srv/terraform/providers\""), "{text}");
    let lab = with_cli_configuration(&text.replace("/srv/terraform/providers", "mirror"));
    let packed = lab.path("mirror").join(engine().source());
    std::fs::create_dir_all(&packed).unwrap();
    std::fs::copy(release().join(zip_name()), packed.join(zip_name())).unwrap();
    installs_and_works(&lab);
}

/// Go programs take a CA from `SSL_CERT_FILE` on Linux only.
#[cfg(target_os = "linux")]
mod network {
    use rustls::version::TLS13;

    use super::*;
    use testkit::servers::{TlsFront, files};

    /// A mirror on loopback that states these hashes, and a lab that knows no other source.
    fn with_mirror(hashes: &[String]) -> Lab {
        let version = json!({"archives": {platform(): {"url": zip_name(), "hashes": hashes}}});
        let index = json!({"versions": {VERSION: {}}});
        serving(
            &index.to_string(),
            &version.to_string(),
            "provider_installation {\n  network_mirror {\n    url = \"URL\"\n  }\n}\n",
        )
    }

    /// A mirror that answers this, and a lab with this CLI configuration, in which `URL` is the mirror's.
    fn serving(index: &str, version: &str, configuration: &str) -> Lab {
        let served = [
            ("index.json".into(), index.as_bytes().to_vec()),
            (format!("{VERSION}.json"), version.as_bytes().to_vec()),
            (zip_name(), std::fs::read(release().join(zip_name())).unwrap()),
        ];
        let server =
            files(served.map(|(name, body)| (format!("/providers/{}/{name}", engine().source()), body)).into());
        let front = TlsFront::start("127.0.0.1", server, &TLS13);
        assert!(configuration.contains("\"URL\""), "{configuration}");
        let url = format!("https://{}/providers/", front.address);
        let mut lab = with_cli_configuration(&configuration.replace("URL", &url));
        lab.write("ca.pem", &front.ca);
        lab.set_environment("SSL_CERT_FILE", lab.path("ca.pem").to_str().unwrap());
        lab
    }

    #[test]
    fn terraform_installs_from_a_network_mirror() {
        installs_and_works(&with_mirror(&[h1(), zh()]));
    }

    #[test]
    fn terraform_installs_from_a_network_mirror_as_the_guide_makes_it() {
        let [index, version] =
            [0, 1].map(|place| block("installation", "json", "A web server", place).replace("0.1.0", VERSION));
        let configuration =
            block("installation", "text", "A web server", 0).replace("https://terraform.example.com/providers/", "URL");
        installs_and_works(&serving(&index, &version.replace("linux_amd64", &platform()), &configuration));
    }

    #[test]
    fn the_sum_of_the_release_is_all_that_terraform_needs() {
        with_mirror(&[zh()]).run(&["init"]).expect_success();
    }

    #[test]
    fn terraform_refuses_a_zip_that_is_not_the_one_of_the_sums() {
        let other = format!("zh:{}", sha256(b"another zip"));
        let lab = with_mirror(&[other]);
        lab.run(&["init"]).expect_failure().says(&["checksum"]);
        assert!(!lab.path(".terraform.lock.hcl").exists());
    }
}
