//! Tests of the sandbox from outside: each starts the real program and talks HTTP with it.

mod callers;
mod conformance;
mod control;
mod coverage;
mod dpop;
mod drift;
mod druva_conformance;
mod faults;
mod forbidden_requests;
mod integrations;
mod links;
mod mutation;
mod okta_tokens;
mod openapi;
mod sandbox;
mod schema;
mod secrets;
mod service_apps;
mod strictness;
