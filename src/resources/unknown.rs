//! What is unknown for a moment replaces nothing.
//!
//! A `depends_on` on a module makes the data source or output behind an argument unknown while something unrelated changes.
//! Replacing on the off chance would cost the connection, so the plan stays in place; where the value turns out to be
//! another one, Terraform stops before the object is touched.

use terraform_plugin::Report;
use tf_provider::{AttributePath, Diagnostics};

use super::problems;

/// Warns that `argument` of the `object` is not known yet, so that it is taken for unchanged.
pub fn warn_of_unknown(diags: &mut Diagnostics, argument: &'static str, object: &str) {
    diags.warn(
        problems::unknown_for_now(argument),
        format!(
            "This plan takes {argument} for unchanged, because replacing the {object} would cost Druva's connection. If it \
             turns out to be the same, nothing happens. If it turns out to be another one, Terraform stops before the \
             {object} is touched (before Terraform 1.16, and in OpenTofu, it speaks of an inconsistent final plan and a bug in \
             the provider). Then replace the {object} (its address stands above, after \"with\"):\n  terraform apply \
             -replace=ADDRESS"
        ),
        AttributePath::new(argument),
    );
}

/// An error: what was unknown turned out to be another value, which replaces the `object`.
pub fn turned_out_otherwise(diags: &mut Diagnostics, object: &str) {
    diags.fail(
        problems::turned_out_otherwise(),
        format!(
            "The plan took an argument for unchanged that was not known yet. It is another one, which means to replace the \
             {object}. Nothing was changed. Replace it (its address stands above, after \"with\"):\n  terraform apply \
             -replace=ADDRESS"
        ),
        AttributePath::root(),
    );
}
