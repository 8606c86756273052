//! Acceptance tests: the real Terraform, the built provider, and the sandbox in the place of Okta and Druva.

mod lab;
mod main_job;
