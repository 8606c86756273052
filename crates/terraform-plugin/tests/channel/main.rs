//! A provider, started and spoken to as Terraform does it.

mod last_words;
#[cfg(unix)]
mod left_behind;
#[cfg(unix)]
mod signals;
#[cfg(unix)]
mod slow;

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use testkit::client::{Identity, connect, connect_plain, tfplugin6 as tf};
use testkit::environment;
use testkit::plugin::Plugin;

/// Terraform kills a plugin that takes longer.
const TWO_SECONDS: Duration = Duration::from_secs(2);

/// The example. `cargo test` builds it before all tests of the package, but not before one that is named.
fn program() -> PathBuf {
    let toy = environment::built_beside_the_provider("examples/toy");
    assert!(toy.is_file(), "type: cargo build --package terraform-plugin --examples");
    toy
}

/// Starts the program for the holder of a certificate, or for clear text.
fn start(terraform: Option<&Identity>) -> Plugin {
    let mut command = Command::new(program());
    environment::own(&mut command);
    Plugin::of(command, terraform)
}

#[tokio::test]
async fn the_first_line_says_where_and_with_which_certificate() {
    let terraform = Identity::new();
    let plugin = start(Some(&terraform));
    let fields: Vec<_> = plugin.line.split('|').collect();
    let [core, protocol, network, address, kind, certificate] = fields.as_slice() else {
        panic!("not six fields: {}", plugin.line)
    };
    assert_eq!((*core, *protocol, *kind), ("1", "6", "grpc"));
    assert!(!certificate.contains('=') && STANDARD_NO_PAD.decode(certificate).is_ok());
    only_its_user_can_open(network, address, plugin.folder());
}

#[cfg(unix)]
fn only_its_user_can_open(network: &str, address: &str, folder: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &std::path::Path| std::fs::metadata(path).expect("exists").permissions().mode() & 0o777;
    let socket = std::path::Path::new(address);
    assert_eq!((network, mode(socket), mode(socket.parent().expect("a folder"))), ("unix", 0o600, 0o700));
    assert!(socket.starts_with(folder));
}

/// Any user can open a port, and nobody from another machine. Whom it lets in is what the next test is about.
#[cfg(windows)]
fn only_its_user_can_open(network: &str, address: &str, _: &std::path::Path) {
    let address: std::net::SocketAddr = address.parse().expect("an address");
    assert!(network == "tcp" && address.ip().is_loopback(), "{network} {address}");
    assert!((10000..=25000).contains(&address.port()), "of the ports that Terraform allows: {address}");
}

#[tokio::test]
async fn terraform_gets_in_and_nobody_else() {
    let terraform = Identity::new();
    let plugin = start(Some(&terraform));
    let answers = async |identity: Option<&Identity>| connect(&plugin, identity).await?.metadata().await;

    answers(Some(&terraform)).await.expect("Terraform gets in");
    answers(None).await.expect_err("without a certificate");
    answers(Some(&Identity::new())).await.expect_err("with another certificate");
    let thief = Identity { certificate: terraform.certificate.clone(), ..Identity::new() };
    answers(Some(&thief)).await.expect_err("with the certificate but not its key");
    let plain = async { connect_plain(plugin.address()).await?.metadata().await };
    plain.await.expect_err("in clear text");
    // None of them has put it out.
    answers(Some(&terraform)).await.expect("Terraform still gets in");
}

#[tokio::test]
async fn without_a_certificate_from_terraform_it_is_clear_text() {
    let plugin = start(None);
    assert!(plugin.line.ends_with("|grpc|"), "{}", plugin.line);
    connect_plain(plugin.address()).await.expect("connects").metadata().await.expect("answers");
}

#[tokio::test]
async fn five_mebibytes_are_accepted() {
    let terraform = Identity::new();
    let plugin = start(Some(&terraform));
    let mut client = connect(&plugin, Some(&terraform)).await.expect("connects");
    let length = 5 * 1024 * 1024_u32;
    let mut msgpack = vec![0x81, 0xa1, b'a', 0xdb];
    msgpack.extend_from_slice(&length.to_be_bytes());
    msgpack.resize(msgpack.len() + length as usize, b'x');
    let request = tf::validate_resource_config::Request {
        type_name: "no_such_type".into(),
        config: Some(tf::DynamicValue { msgpack, json: Vec::new() }),
        client_capabilities: None,
    };
    let answer = client.provider.validate_resource_config(request).await.expect("a small answer").into_inner();
    assert!(answer.diagnostics[0].summary.contains("no_such_type"));
}

#[tokio::test]
async fn shutdown_ends_it_in_time_and_leaves_nothing() {
    let terraform = Identity::new();
    let mut plugin = start(Some(&terraform));
    let client = connect(&plugin, Some(&terraform)).await.expect("connects");
    assert_eq!(client.health().await, Ok(1));
    client.shutdown().await.expect("an answer");
    let took = plugin.ends_within(TWO_SECONDS);
    eprintln!("shutdown took {took:?}");
    plugin.left_nothing();
}

#[tokio::test]
async fn an_interrupt_is_left_to_terraform() {
    let terraform = Identity::new();
    let mut plugin = start(Some(&terraform));
    let mut client = connect(&plugin, Some(&terraform)).await.expect("connects");
    for _ in 0..3 {
        plugin.interrupt();
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    client.metadata().await.expect("the connection still answers");
    connect(&plugin, Some(&terraform)).await.expect("a new one does, too");
    assert_eq!(plugin.ended(), None);
}

#[tokio::test]
async fn a_debug_session_says_where_it_is_and_ends_with_ctrl_c() {
    let mut plugin = Plugin::debug(&program());
    let json = plugin.line.strip_prefix("TF_REATTACH_PROVIDERS='").and_then(|rest| rest.strip_suffix('\''));
    let json: serde_json::Value = serde_json::from_str(json.expect("a variable")).expect("JSON");
    let provider = &json["registry.terraform.io/toys/toy"];
    assert_eq!(provider["Pid"], plugin.id());
    let address = provider["Addr"]["String"].as_str().expect("an address");
    connect_plain(address).await.expect("connects").metadata().await.expect("answers");
    plugin.interrupt();
    plugin.ends_within(TWO_SECONDS);
    plugin.left_nothing();
}
