//! What the signals of a Unix do, and the end of what started the provider.

use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;
use testkit::client::{Identity, connect, tfplugin6 as tf};
use testkit::plugin::{Plugin, launch};
use testkit::{environment, plugin};

use crate::{TWO_SECONDS, program, slow, start};

/// Starts this test program again, as the plugin that is slow.
fn start_slow(terraform: &Identity) -> Plugin {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", "signals::a_slow_plugin", "--ignored", "--nocapture", "--test-threads=1"]);
    Plugin::of(command, Some(terraform))
}

#[tokio::test]
async fn sigterm_ends_it_in_time_and_leaves_nothing() {
    let terraform = Identity::new();
    let mut plugin = start(Some(&terraform));
    // An idle connection must not hold it up, not even one whose other end does not answer.
    let _client = connect(&plugin, Some(&terraform)).await.expect("connects");
    plugin.signal(Signal::TERM);
    let took = plugin.ends_within(TWO_SECONDS);
    eprintln!("SIGTERM took {took:?}");
    plugin.left_nothing();
}

#[tokio::test]
async fn a_signal_in_the_middle_of_a_create_does_not_lose_the_object() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let terraform = Identity::new();
        let mut plugin = start_slow(&terraform);
        let mut client = connect(&plugin, Some(&terraform)).await.expect("connects");
        let value = |msgpack: &[u8]| Some(tf::DynamicValue { msgpack: msgpack.into(), json: Vec::new() });
        let request = tf::apply_resource_change::Request {
            type_name: "slow".into(),
            prior_state: value(b"\xc0"),
            planned_state: value(b"\x80"),
            config: value(b"\x80"),
            ..Default::default()
        };
        let create = client.provider.apply_resource_change(request);
        let interrupt = async {
            tokio::time::sleep(slow::CREATION / 3).await;
            plugin.signal(signal);
        };
        let (created, ()) = tokio::join!(create, interrupt);
        let created = created.expect("an answer").into_inner();
        assert_eq!((created.new_state, created.diagnostics), (value(b"\x80"), vec![]), "{signal:?}");
        if signal != Signal::TERM {
            assert_eq!(plugin.ended(), None);
        } else {
            plugin.ends_within(TWO_SECONDS);
            plugin.left_nothing();
        }
    }
}

#[tokio::test]
#[ignore = "runs inside of another test, as the plugin"]
async fn a_slow_plugin() {
    slow::serve().await;
}

#[test]
fn it_does_not_outlive_what_started_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut shell =
        launch(environment::own(&mut Command::new("sh")).args(["-c", r#""$0" & wait"#]).arg(program()), folder.path());
    assert!(plugin::first_line(&mut shell).starts_with("1|6|"));
    // Long enough for it to have settled, so that it has to notice by itself.
    std::thread::sleep(Duration::from_millis(300));
    assert!(folder.path().read_dir().expect("a folder").next().is_some());
    shell.kill().expect("ends the shell only");
    shell.wait().expect("ended");
    plugin::within(Duration::from_secs(5), || {
        folder.path().read_dir().expect("a folder").next().is_none().then_some(())
    });
}
