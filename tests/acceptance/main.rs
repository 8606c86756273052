//! Acceptance tests: the real Terraform, the built provider, and the sandbox in the place of Okta and Druva.

mod adoption;
mod credentials;
mod disappearance;
mod drift;
mod import;
#[cfg(unix)]
mod interruption;
mod keys;
mod lab;
mod leaks;
mod lost_answers;
mod main_job;
mod old_state;
mod printed;
mod provider_arguments;
mod refusals;
mod replacement;
mod resource_arguments;
mod sandbox;
mod second_install;
mod terraform;
mod update_in_place;
mod waiting;
