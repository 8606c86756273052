//! What is unknown for a moment replaces nothing.
//!
//! A `depends_on` on a module makes the data source or output behind an argument unknown while something unrelated changes.
//! Replacing on the off chance would cost the connection, so the plan stays in place; where the value turns out to be
//! another one, Terraform stops before the object is touched.

use terraform_plugin::Report;
use tf_provider::{AttributePath, Diagnostics};

use super::problems;
use crate::diagnostics::ADDRESS_IS_ABOVE;

/// Warns that `argument` of the `object` is not known yet, so that it is taken for unchanged.
pub fn warn_of_unknown(diags: &mut Diagnostics, argument: &'static str, object: &str) {
    diags.warn(
        problems::unknown_for_now(argument),
        format!(
            "The value of {argument} is known only at apply. This plan assumes that it does not change, because replacing \
             the {object} would cost Druva's connection.\n\n  - If the value stays the same, nothing happens.\n  - If it \
             changes, Terraform stops before it touches the {object}. Before Terraform 1.16, and in OpenTofu, it then speaks \
             of an inconsistent final plan and a bug in the provider. To replace the {object}:\n      terraform apply \
             -replace=ADDRESS\n\n{ADDRESS_IS_ABOVE}"
        ),
        AttributePath::new(argument),
    );
}

/// An error: what was unknown turned out to be another value, which replaces the `object`.
pub fn turned_out_otherwise(diags: &mut Diagnostics, object: &str) {
    diags.fail(
        problems::turned_out_otherwise(),
        format!(
            "An argument that was not known at plan has another value now. That value replaces the {object}, which the plan \
             did not say. Nothing was changed. To replace the {object}:\n  terraform apply -replace=ADDRESS\n\nADDRESS is \
             the address of the resource. It stands above, after \"with\"."
        ),
        AttributePath::root(),
    );
}
