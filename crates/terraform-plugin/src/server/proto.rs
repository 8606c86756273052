//! The messages and services of `proto/`, as Rust.
#![allow(
    missing_docs,
    dead_code,
    clippy::all,
    reason = "generated, with a type for each outer message; the proto files have the words"
)]

pub mod tfplugin6 {
    tonic::include_proto!("tfplugin6");
}

pub mod plugin {
    tonic::include_proto!("plugin");
}

pub mod health {
    tonic::include_proto!("grpc.health.v1");
}
