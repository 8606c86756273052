//! Scopes that are in no list of Okta's: perhaps a typing error, which Okta would refuse after the old integration is gone.

use std::collections::BTreeSet;

use terraform_plugin::Report;
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::problems;
use crate::scopes::known;

/// Warns of scopes that an installation would newly grant, beside those that there are, and that no list has. `removes` says
/// that the integration goes first which has those.
pub(super) fn warn_of_unlisted(planned: &Scopes, granted: &Scopes, removes: bool, diags: &mut Diagnostics) {
    let new = texts(planned).filter(|scope| texts(granted).all(|granted| granted != *scope));
    if let Some(lines) = unlisted(new) {
        let gone = if removes {
            " This plan removes the running integration first: then nothing is installed, and Druva has no access."
        } else {
            ""
        };
        let detail = format!(
            "The provider has lists of the scopes that Okta and Druva document. These are in none of them:\n{lines}\n\nOkta \
             refuses an installation with a scope that it does not have.{gone} Correct what is written wrongly. The lists \
             are not complete: apply only if the name is right."
        );
        diags.warn(problems::unlisted_scopes(), detail, AttributePath::new("granted_scopes"));
    }
}

/// Those that no list has, a line each, with the scope that was probably meant.
pub(super) fn unlisted<'a>(scopes: impl Iterator<Item = &'a str>) -> Option<String> {
    let line = |scope: &str| match known::nearest(scope) {
        Some(meant) => format!("  - {scope} (did you mean {meant}?)"),
        None => format!("  - {scope}"),
    };
    let lines: Vec<_> = scopes.filter(|scope| !known::is_known(scope)).map(line).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

type Scopes = Value<BTreeSet<Value<String>>>;

fn texts(scopes: &Scopes) -> impl Iterator<Item = &str> {
    scopes.as_ref_option().into_iter().flatten().filter_map(|scope| scope.as_deref_option())
}

#[cfg(test)]
mod tests {
    use super::super::samples::set;
    use super::*;

    #[test]
    fn what_would_be_newly_granted_and_is_in_no_list_is_told() {
        for (name, planned, granted, told) in [
            ("known ones", set(&["okta.users.manage", "okta.logs.read"]), Value::Null, None),
            (
                "a typing error",
                set(&["okta.user.manage", "okta.groups.manage"]),
                set(&["okta.users.manage"]),
                Some("\n  - okta.user.manage (did you mean okta.users.manage?)\n\n"),
            ),
            ("like none", set(&["okta.somethingElse.read"]), set(&[]), Some("\n  - okta.somethingElse.read\n\n")),
            ("what Okta has granted before", set(&["okta.user.manage"]), set(&["okta.user.manage"]), None),
            ("what is known later", Value::Unknown, set(&[]), None),
        ] {
            let mut diags = Diagnostics::default();
            warn_of_unlisted(&planned, &granted, granted.is_value(), &mut diags);
            let detail = diags.warnings.first().map(|warning| &*warning.detail);
            assert_eq!(detail.is_some(), told.is_some(), "{name}");
            assert!(detail.unwrap_or_default().contains(told.unwrap_or_default()), "{name}: {detail:?}");
        }
    }
}
