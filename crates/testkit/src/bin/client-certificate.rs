//! Prints a certificate for `PLUGIN_CLIENT_CERT`, as Terraform makes one.

use std::io::Write as _;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(testkit::tls::Identity::new().pem.as_bytes())
}
