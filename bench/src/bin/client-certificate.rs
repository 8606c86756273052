//! Prints a certificate for `PLUGIN_CLIENT_CERT`, as Terraform makes one.

fn main() {
    print!("{}", terraform_provider_druva_bench::client_certificate().0.pem());
}
