//! Acceptance tests: the real Terraform, the built provider, and the sandbox in the place of Okta and Druva.

mod access_token;
mod actions;
mod adoption;
mod another_apply;
#[cfg(unix)]
mod bench_table;
mod blocks;
#[cfg(unix)]
mod by_hand;
mod certificates;
mod changing_scopes;
mod checked_release;
#[cfg(target_os = "linux")]
mod ci_keys;
#[cfg(unix)]
mod ci_scripts;
mod clocks;
mod compatibility;
mod connections;
#[cfg(target_os = "linux")]
mod crashes;
mod credentials;
mod data_sources;
mod disappearance;
mod documentation;
mod dpop;
mod drift;
mod druva_paths;
mod druvas_words;
#[cfg(target_os = "linux")]
mod empty_root;
mod engine;
mod examples;
mod fault_sample;
mod functions;
mod getting_started;
mod golden;
mod guide_stories;
mod guides;
mod hcl_blocks;
#[cfg(target_os = "linux")]
mod held;
mod held_token;
mod http_versions;
mod identity;
mod import;
#[cfg(target_os = "linux")]
mod installation;
mod installed_by_hand;
#[cfg(target_os = "linux")]
mod interrupted_rotation;
#[cfg(unix)]
mod interruption;
mod key_management;
mod lab;
mod leaks;
mod left_out;
#[cfg(target_os = "linux")]
mod load;
mod lost_answers;
mod main_job;
#[cfg(target_os = "linux")]
mod many_providers;
#[cfg(target_os = "linux")]
mod many_tenants;
#[cfg(target_os = "linux")]
mod memory;
mod minted;
#[cfg(unix)]
mod mirrors;
mod moved;
mod new_link;
mod new_secrets;
mod old_state;
#[cfg(unix)]
mod operations;
#[cfg(unix)]
mod pipelines;
mod planned_for_another_org;
mod played_by_hand;
mod preflight;
mod printed;
mod printed_commands;
mod provider_arguments;
mod proxies;
mod queries;
mod redirects;
mod refusals;
#[cfg(unix)]
mod release;
mod replacement;
mod requests;
mod resource_arguments;
mod retirement;
mod rotation;
mod rotation_failures;
mod second_install;
mod secret_arguments;
mod secret_lines;
mod secrets_at_rest;
mod server_texts;
mod service_apps;
#[cfg(target_os = "linux")]
mod shells;
mod silence;
#[cfg(unix)]
mod socket_folders;
mod state_server;
mod terraform;
mod tokens;
mod unknown_values;
#[cfg(target_os = "linux")]
mod unwritten_state;
mod update_in_place;
mod upgrading;
mod user_agent;
mod waiting;
mod watching;
mod ways;
mod ways_out;
mod write_only;
