//! Terraform and OpenTofu provider that sets up Druva's backup of Okta: *HCL in, an integration in Okta and a link in
//! Druva out, and no secret anywhere else.*
//!
//! One program, which Terraform starts, talks to over gRPC, and stops. It holds no state of its own: Terraform's state,
//! Okta and Druva are the only stores.
//!
//! # Layers
//!
//! Modules, the highest layer first. A module may use the layers below it, never one above, and no two files use each other:
//! `tests/layers` holds the code to it.
//!
//! | module | what it is |
//! |---|---|
//! | `main.rs` | starts it: arguments, runtime, [`terraform_plugin::serve`]; says what to do where Terraform did not start it |
//! | [`problems`] | every title that a diagnostic can have, from the lists of the modules: for the troubleshooting guide |
//! | [`provider`] | the provider block: schema, environment fall-backs, configure -> [`clients`]; lists what there is |
//! | [`list_resources`] [`actions`] [`functions`] | what `terraform query` finds, what Terraform does on request, what expressions can call: one file each |
//! | [`data_sources`] [`ephemeral_resources`] | what Terraform can look up, and what it can open for one run and never stores: one file each |
//! | [`resources`] | [`resources::okta_integration`], [`resources::okta_link`]: one a file (schema and state in modules below) |
//! | [`linking`] | what a link, its actions and the rotation of secrets share: a secret is obtained, verified, handed over, retired |
//! | [`clients`] | what a configured provider hands to its resources and data sources |
//! | [`diagnostics`] | errors of the clients -> diagnostics on an attribute: the one place where that is decided |
//! | [`terraform_plugin`] | a crate of its own, `crates/terraform-plugin`: how a Rust program is a Terraform provider |
//! | [`okta`] | client of Okta: send, decode and page; `auth`, `dpop`, `challenge`; `api_services`, `caller`, `secret_proof`, … |
//! | [`druva`] | client of Druva: send; `auth`; `okta_links`, the only file that knows the assumed contract |
//! | [`http`] | what both clients share: what may be repeated, pacing, lists that are asked for once, servers' clocks, proxy, certificates; logs without secrets |
//! | [`memory`] | the allocator that overwrites what is freed; no core dumps |
//! | [`redaction`] | what people may read of a text of a server's: no secret that the process holds, nothing that a terminal obeys |
//! | [`scopes`] [`secret`] [`secret_hash`] [`domain`] [`instant_text`] | the documented scopes; the secret, and its Okta hash; an Okta domain that parsed; a time that parsed |
//!
//! `okta` and `druva` never mention Terraform; `terraform_plugin` never mentions Okta or Druva; `resources` and `data_sources` never
//! build a request.
//!
//! Beside the crate: `tests/sandbox` is the program `druva-okta-sandbox`, which plays Okta and Druva over HTTP;
//! `tests/acceptance` drives the real Terraform against it; `tests/fault_matrix` lets every request fail in every way, and a hostile server reflect what it gets;
//! `tests/bad_input` and `fuzz` feed it what nobody sends on a good day; `crates/testkit` is what these share; `bench` measures its hot paths; `tools/protoc` lets `tf-provider` build without
//! protoc; `tools/pack` makes the zip of a release, its licence texts and its SBOM; `tools/docs` makes the pages of `docs`.

pub mod actions;
pub mod clients;
pub mod data_sources;
pub mod diagnostics;
pub mod domain;
pub mod druva;
pub mod ephemeral_resources;
pub mod functions;
pub mod http;
pub mod instant_text;
pub mod linking;
pub mod list_resources;
pub mod memory;
pub mod okta;
pub mod problems;
pub mod provider;
pub mod redaction;
pub mod resources;
pub mod scopes;
pub mod secret;
pub mod secret_hash;

/// What the provider says of itself: where configurations find it, and what is hidden from all that people can read.
pub const INFO: terraform_plugin::Info = terraform_plugin::Info {
    log_targets: &[env!("CARGO_CRATE_NAME")],
    redact: redaction::hide_held,
    ..terraform_plugin::Info::new("registry.terraform.io/druva-community/druva", env!("CARGO_PKG_VERSION"))
};
