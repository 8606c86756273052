//! An Okta org and a Druva cloud on two loopback ports.
fn main() {}
