//! `--debug`: the provider runs under a debugger, and Terraform is told where to find it.

use std::io::Write;

use tokio_util::sync::CancellationToken;

use super::connections;
use super::listener::Listener;
use super::serve_error::ServeError;
use super::service::Service;
use super::shutdown::Shutdown;

/// Prints what has to go into Terraform's environment, and serves until Ctrl-C. There is no TLS, because Terraform
/// uses none with a provider that it has not started; the socket is for its owner only.
///
/// Interrupting a Terraform run cancels `stop` for good, so a debug session is over after that.
pub(super) async fn serve(service: Service, stop: CancellationToken) -> Result<(), ServeError> {
    let shutdown = Shutdown::of_debug_session()?;
    #[cfg(unix)]
    let listener = Listener::bind(&super::socket_folder::parents(|name| std::env::var_os(name)))?;
    #[cfg(windows)]
    let listener = Listener::bind(0..=0).await?;
    let variable = variable(service.info().address, Listener::NETWORK, &listener.address()?, std::process::id());
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{variable}")?;
    stdout.flush()?;
    drop(stdout);
    listener.remove_leftovers();
    connections::run(listener, None, service, stop, shutdown).await
}

fn variable(provider: &str, network: &str, address: &str, process: u32) -> String {
    let how = serde_json::json!({
        "Protocol": "grpc",
        "ProtocolVersion": 6,
        "Pid": process,
        // Keeps Terraform from ending us after its run.
        "Test": true,
        "Addr": { "Network": network, "String": address },
    });
    format!("TF_REATTACH_PROVIDERS='{}'", serde_json::json!({ provider: how }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_is_json_in_shell_quotes() {
        let variable = variable("registry.terraform.io/toys/toy", "unix", "/tmp/s", 7);
        let json = variable.strip_prefix("TF_REATTACH_PROVIDERS='").and_then(|rest| rest.strip_suffix('\''));
        let json: serde_json::Value = serde_json::from_str(json.expect("quoted")).expect("JSON");
        assert_eq!(json["registry.terraform.io/toys/toy"]["Addr"]["String"], "/tmp/s");
        assert_eq!(
            (
                &json["registry.terraform.io/toys/toy"]["ProtocolVersion"],
                &json["registry.terraform.io/toys/toy"]["Pid"]
            ),
            (&6.into(), &7.into())
        );
    }
}
