//! Prints a certificate for `PLUGIN_CLIENT_CERT`, as Terraform makes one.

fn main() {
    print!("{}", testkit::tls::Identity::new().pem);
}
