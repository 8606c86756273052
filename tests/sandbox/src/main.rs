//! `druva-okta-sandbox` plays an Okta org and a Druva cloud over HTTP on loopback, for tests and demonstrations.
//!
//! It prints one line of JSON when it is ready (both URLs and the credentials for them, new at each start) and serves
//! until it is told to stop. Under `/_sandbox/`, on both ports, tests read and bend what it does.

mod call;
mod clock;
mod connection_history;
mod control;
mod druva;
mod exchange;
mod faults;
mod identity;
mod okta;
mod optional;
mod propagation;
mod random;
mod request_log;
mod server;
mod settings;
mod side;
mod stop;
mod traffic;
mod truncated;
mod world;

use clap::Parser;
use identity::{Identity, OktaAddresses};
use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};
use stop::Stop;
use tokio::net::TcpListener;
use world::Sandbox;

/// An Okta org and a Druva cloud on loopback, for tests and demonstrations.
///
/// Prints one line of JSON when ready: okta_url, druva_url, okta_api_token, okta_druva_type, druva_client_id,
/// druva_client_secret.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where the Okta org listens; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0", value_parser = loopback)]
    okta_listen: SocketAddr,

    /// Where the Druva cloud listens; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0", value_parser = loopback)]
    druva_listen: SocketAddr,

    /// On how many more addresses the Okta org listens, with the same port: 127.0.0.2 and so on
    #[arg(long, value_name = "NUMBER", default_value_t = 0, value_parser = clap::value_parser!(u8).range(..=253))]
    loopback_addresses: u8,

    /// How many seconds of its delays pass in one real second, so that tests need not wait for them
    #[arg(long, value_name = "FACTOR", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    speed: u32,

    /// Stop as soon as standard input closes, so that the program dies with the test that started it
    #[arg(long)]
    until_stdin_closes: bool,
}

/// It has no real access control and hands out every secret it knows: nobody else may reach it.
fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr = text.parse().map_err(|_| "expected ADDRESS:PORT, for example 127.0.0.1:0".to_owned())?;
    if address.ip().is_loopback() { Ok(address) } else { Err("only loopback addresses are allowed".to_owned()) }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();

    clock::set_speed(arguments.speed);
    let okta_listener = TcpListener::bind(arguments.okta_listen).await?;
    let main = okta_listener.local_addr()?;
    let mut others = Vec::new();
    for number in 0..arguments.loopback_addresses {
        others.push(TcpListener::bind((Ipv4Addr::new(127, 0, 0, number + 2), main.port())).await?);
    }
    let druva_listener = TcpListener::bind(arguments.druva_listen).await?;
    let addresses = others.iter().map(TcpListener::local_addr).collect::<Result<_, _>>()?;
    let identity = Identity::new(OktaAddresses { main, others: addresses }, druva_listener.local_addr()?);

    let stop = Stop::watch(arguments.until_stdin_closes)?;
    announce(&identity)?;

    let sandbox = Arc::new(Sandbox::new(identity));
    for other in others {
        tokio::spawn(server::serve(other, side::Side::Okta, okta::router(&sandbox), sandbox.clone()));
    }
    tokio::select! {
        () = server::serve(okta_listener, side::Side::Okta, okta::router(&sandbox), sandbox.clone()) => {}
        () = server::serve(druva_listener, side::Side::Druva, druva::router(&sandbox), sandbox.clone()) => {}
        () = stop.requested() => {}
    }
    Ok(())
}

/// The one thing this program says: where it is and with which credentials.
#[allow(clippy::print_stdout)]
fn announce(identity: &Identity) -> Result<(), serde_json::Error> {
    println!("{}", serde_json::to_string(identity)?);
    Ok(())
}
