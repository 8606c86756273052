//! What Terraform can open for one run and never stores: one file each, named after it.

pub mod access_token;
