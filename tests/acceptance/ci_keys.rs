//! Private keys as CI systems, OpenSSL and OpenSSH leave them: each works, or the message says which kind it is and prints
//! the command that converts it.

use std::process::Command;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;
use testkit::keys::Key;
use testkit::sandbox::Sandbox;

use crate::golden::{assert_golden, diagnostics};
use crate::lab::Lab;
use crate::service_apps;

const KEY: &str = "OKTA_API_PRIVATE_KEY";
const LIST: &str = "data \"druva_okta_integrations\" \"all\" {}";
const PASSPHRASE: &str = "passphrase-of-a-test";

/// A lab whose service app knows `key`, and takes it from the environment.
fn lab_of(key: &Key) -> Lab {
    let mut lab = service_apps::lab(key, false, "");
    lab.set_environment("OKTA_API_PRIVATE_KEY_ID", "key-1");
    lab.configure(LIST);
    lab
}

fn one_line(text: &str) -> String {
    text.trim().replace('\n', "\\n")
}

fn utf16(text: &str) -> Vec<u8> {
    [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

#[test]
fn a_key_in_the_environment_signs_in_each_form_that_ci_systems_hold_it_in() {
    let key = Key::ec();
    let (pem, jwk) = (&key.private_pem, key.jwk_with_id("key-1").to_string());
    let mut lab = lab_of(&key);
    for (name, value) in [
        ("PEM", pem.clone()),
        ("PEM with \\n", one_line(pem)),
        ("PEM in quotes, from an .env file", format!("\"{}\"", one_line(pem))),
        ("PEM with blanks for line breaks", pem.trim().replace('\n', " ")),
        ("PEM with CRLF", pem.replace('\n', "\r\n")),
        ("PEM in base64", BASE64_STANDARD.encode(pem)),
        ("a JWK", jwk.clone()),
        ("a JWK as a string of JSON", json!(jwk).to_string()),
        ("a JWK in base64", BASE64_STANDARD.encode(&jwk)),
    ] {
        lab.plant(&value);
        lab.set_environment(KEY, &value);
        lab.sandbox.clear_requests();
        lab.apply();
        let asked = lab.sandbox.requests().contains(&"POST /oauth2/v1/token".to_owned());
        assert!(asked, "{name}: the key has signed");
    }
}

#[test]
fn a_file_with_a_key_is_read_in_each_form_and_from_the_home_folder() {
    let key = Key::ec();
    let mut lab = lab_of(&key);
    let pem = &key.private_pem;
    let parameters = pem::encode(&pem::Pem::new("EC PARAMETERS", [6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7]));
    let der = pem::parse(pem).unwrap().into_contents();
    let home = lab.path("home");
    std::fs::create_dir_all(home.join("keys")).unwrap();
    lab.set_environment("HOME", home.to_str().unwrap());
    lab.set_environment(KEY, "~/keys/okta.pem");
    for (name, content) in [
        ("PEM", pem.clone().into_bytes()),
        ("the curve before the key", format!("{parameters}{pem}").into_bytes()),
        ("UTF-16, as PowerShell writes it", utf16(pem)),
        ("UTF-8 with a mark", format!("\u{FEFF}{pem}").into_bytes()),
        ("DER", der),
        ("base64", BASE64_STANDARD.encode(pem).into_bytes()),
    ] {
        eprintln!("{name}");
        std::fs::write(home.join("keys/okta.pem"), content).unwrap();
        lab.apply();
    }
    std::fs::remove_file(home.join("keys/okta.pem")).unwrap();
    lab.plan_fails().says(&["OKTA_API_PRIVATE_KEY names the file ~/keys/okta.pem, which cannot be read: No such file"]);
}

/// A lab for what is said when the provider block is validated.
fn validating() -> Lab {
    let okta = "okta {\n  org_url   = \"https://example.okta.com\"\n  client_id = \"0oa1\"\n}";
    Lab::with_sandbox(Sandbox::start(), &format!("provider \"druva\" {{\n{okta}\n}}"), LIST)
}

/// What is said of a key, without what Terraform adds.
fn said(lab: &mut Lab, value: &str) -> String {
    lab.set_environment(KEY, value);
    let printed = lab.validate_fails();
    let [said] = &diagnostics(&printed.text)[..] else { panic!("one error:\n{}", printed.text) };
    let (title, detail) = said.split_once("\n\n").unwrap();
    assert_eq!(title, "Error: Invalid private key of the Okta service app");
    let detail =
        detail.split_once("\n\n").filter(|(place, _)| place.contains(" line ")).map_or(detail, |(_, rest)| rest);
    detail.replace(lab.path("").to_str().unwrap().trim_end_matches('/'), "/FOLDER")
}

/// Makes files in the lab's folder with a shell.
fn make(lab: &mut Lab, script: &str, files: &[&str]) {
    let output = lab.command("sh").args(["-euc", script]).output().unwrap();
    assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
    for file in files {
        let Ok(text) = std::fs::read_to_string(lab.path(file)) else { continue };
        let lines = text.lines().filter(|line| line.len() > 20 && !line.contains(['-', ' ', ':']));
        lines.for_each(|line| lab.plant(line));
    }
}

/// As the tools of a workstation make them.
const MAKE_KEYS: &str = r"
umask 077
openssl ecparam -name prime256v1 -genkey -noout -out ec.pem
openssl pkcs8 -topk8 -in ec.pem -out encrypted.pem -passout pass:passphrase-of-a-test
openssl ec -in ec.pem -aes128 -out old-encrypted.pem -passout pass:passphrase-of-a-test
openssl ec -in ec.pem -pubout -out public.pem
openssl req -x509 -new -key ec.pem -subj /CN=okta -out certificate.pem
openssl pkcs12 -export -inkey ec.pem -in certificate.pem -out key.p12 -passout pass:passphrase-of-a-test
openssl ecparam -name prime256v1 -out curve.pem
openssl ecparam -name secp521r1 -genkey -noout -out p521.pem
openssl ecparam -name secp256k1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out k256.pem
openssl genrsa -out rsa1024.pem 1024
openssl genrsa -traditional -out rsa1024-old.pem 1024
openssl genpkey -algorithm ED25519 -out ed25519.pem
ssh-keygen -q -t ecdsa -N '' -C ada -f openssh
ssh-keygen -q -t rsa -N passphrase-of-a-test -C ada -f openssh-encrypted
ssh-keygen -q -t ed25519 -N '' -C ada -f openssh-ed25519
head -n 1 ec.pem > first-line.pem
sed '2y/abcdefghijklm/nopqrstuvwxyz/' ec.pem > damaged.pem
printf 'no key' > 'a file.txt'
";
const FILES: [&str; 20] = [
    "encrypted.pem",
    "old-encrypted.pem",
    "public.pem",
    "certificate.pem",
    "key.p12",
    "curve.pem",
    "p521.pem",
    "k256.pem",
    "rsa1024.pem",
    "rsa1024-old.pem",
    "ed25519.pem",
    "openssh",
    "openssh-encrypted",
    "openssh-ed25519",
    "openssh.pub",
    "first-line.pem",
    "damaged.pem",
    "a file.txt",
    "missing.pem",
    "/run/secrets/okta key.pem",
];

#[test]
fn a_key_that_cannot_sign_is_told_by_its_kind_with_the_command_that_converts_it() {
    let mut lab = validating();
    make(&mut lab, MAKE_KEYS, &FILES);
    let files: Vec<String> = FILES.iter().map(|file| format!("{KEY}={file}\n\n{}", said(&mut lab, file))).collect();
    assert_golden("keys_in_files", &files.join("\n\n\n"));

    let key = Key::ec();
    key.secret_texts().for_each(|text| lab.plant(text));
    let read = |lab: &Lab, file: &str| std::fs::read_to_string(lab.path(file)).unwrap();
    let public = json!({"kty": "EC", "crv": "P-256", "x": key.jwk["x"], "y": key.jwk["y"]});
    let half = key.jwk["d"].as_str().unwrap();
    let values = [
        ("an OpenSSH key", read(&lab, "openssh")),
        ("an OpenSSH key in base64", BASE64_STANDARD.encode(read(&lab, "openssh"))),
        ("an encrypted key with \\n", one_line(&read(&lab, "encrypted.pem"))),
        ("a public key of OpenSSH", read(&lab, "openssh.pub")),
        ("a certificate", read(&lab, "certificate.pem")),
        ("the first line alone", read(&lab, "first-line.pem")),
        ("a key without its dashes", key.private_pem.replace("-----", "")),
        ("a set of JWKs", json!({"keys": [key.jwk]}).to_string()),
        (
            "what Okta's API tells of an app",
            json!({"id": "0oa1", "settings": {"oauthClient": {"jwks": {"keys": [public]}}}}).to_string(),
        ),
        ("a public JWK", public.to_string()),
        ("a JWK that lost its quotes", key.jwk.to_string().replace('"', "")),
        ("other JSON", json!({"client_id": "0oa1"}).to_string()),
        ("a part of a key", half.to_owned()),
    ];
    let values: Vec<String> =
        values.iter().map(|(name, value)| format!("{name}:\n\n{}", said(&mut lab, value))).collect();
    assert_golden("keys_in_the_environment", &values.join("\n\n\n"));
}

/// Runs the command that the message prints for a key. It asks for a passphrase at a terminal, which no test has.
fn run_printed_command(lab: &Lab, said: &str, more: &str) {
    let command =
        said.lines().find_map(|line| line.strip_prefix("  ")).unwrap_or_else(|| panic!("no command in {said}"));
    let output =
        Command::new("sh").args(["-euc", &format!("{command} {more}")]).current_dir(lab.path("")).output().unwrap();
    assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_printed_commands_make_keys_that_sign() {
    let mut lab = validating();
    make(&mut lab, MAKE_KEYS, &FILES);
    let jwks = json!({"keys": [Key::ec().jwk]}).to_string();
    lab.write("set.json", &jwks);
    let passphrase = format!("-passin pass:{PASSPHRASE}");
    for (file, more, made) in [
        ("openssh", "", "new-key.pem"),
        ("openssh-encrypted", &*format!("-P {PASSPHRASE}"), "new-key.pem"),
        ("encrypted.pem", &passphrase, "plain-key.pem"),
        ("old-encrypted.pem", &passphrase, "plain-key.pem"),
        ("key.p12", &passphrase, "key.pem"),
        ("set.json", "> one.json", "one.json"),
        ("p521.pem", "", "new-key.pem"),
    ] {
        let said = said(&mut lab, file);
        run_printed_command(&lab, &said, more);
        lab.set_environment(KEY, made);
        lab.run(&["validate"]).expect_success();
    }
    // What a variable lost is made anew from the file.
    std::fs::copy(lab.path("ec.pem"), lab.path("key.pem")).unwrap();
    let first_line = std::fs::read_to_string(lab.path("first-line.pem")).unwrap();
    let said = said(&mut lab, &first_line);
    run_printed_command(&lab, &said, "> one-line.txt");
    lab.set_environment(KEY, &std::fs::read_to_string(lab.path("one-line.txt")).unwrap());
    lab.run(&["validate"]).expect_success();
}
