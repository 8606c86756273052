//! Cloud Key Management: one choice for the whole Druva account, and it cannot be undone.
//!
//! Without it scheduled backups do not start `[docs]`, unless the account has keys of its own (Enterprise Key Management): there
//! it stays off. So nothing is chosen for the user, and what can go wrong is said before anything is touched.

use terraform_plugin::{Report, Reported};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::problems;
use super::switches::KEY_MANAGEMENT;
use crate::clients::SharedClients;

/// Whether the account has it on, as far as the links that are listed tell.
pub(super) async fn known(clients: &SharedClients) -> Option<bool> {
    clients.get()?.druva.ready()?.key_management().await.ok()?
}

/// What the plan says of the argument as it is `configured`, where the account is known to have it on or off. What the apply
/// refuses goes to `found`.
pub(super) fn foresee(configured: &Value<bool>, is_on: Option<bool>, found: &mut Diagnostics, diags: &mut Diagnostics) {
    match (configured, is_on) {
        (Value::Value(true), None | Some(false)) => diags.warn(
            problems::cannot_be_undone(),
            format!(
                "This plan switches Cloud Key Management on{}. That is for the whole Druva account, and Druva cannot switch \
                 it off again.",
                if is_on.is_none() { ", unless it is on already" } else { "" }
            ),
            AttributePath::new(KEY_MANAGEMENT),
        ),
        (Value::Null, Some(false)) => warn_of_off(diags),
        (Value::Value(false), Some(true)) => {
            refuse_off(found);
        }
        _ => {}
    }
}

/// A warning: the account has it off, and the configuration does not say whether that is wanted.
pub(super) fn warn_of_off(diags: &mut Diagnostics) {
    diags.warn_as_listed(problems::key_management_is_off(), AttributePath::new(KEY_MANAGEMENT));
}

/// An error: it is on, and the configuration wants it off.
pub(super) fn refuse_off(diags: &mut Diagnostics) -> Reported {
    diags.fail_as_listed(problems::key_management_stays_on(), AttributePath::new(KEY_MANAGEMENT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_says_what_becomes_of_the_switch_of_the_account() {
        use Value::{Null, Unknown};
        let (on, off) = (Value::Value(true), Value::Value(false));
        let cannot_be_undone = Some("Cloud Key Management cannot be switched off again");
        let is_off = Some("Cloud Key Management is off");
        let stays_on = Some("Cloud Key Management cannot be switched off");
        let rows = [
            ("on, and not known", &on, None, cannot_be_undone, None),
            ("on, and it is off", &on, Some(false), cannot_be_undone, None),
            ("on, and it is on", &on, Some(true), None, None),
            ("off, and not known", &off, None, None, None),
            ("off, and it is off", &off, Some(false), None, None),
            ("off, and it is on", &off, Some(true), None, stays_on),
            ("left out, and not known", &Null, None, None, None),
            ("left out, and it is off", &Null, Some(false), is_off, None),
            ("left out, and it is on", &Null, Some(true), None, None),
            ("unknown, and it is off", &Unknown, Some(false), None, None),
            ("unknown, and it is on", &Unknown, Some(true), None, None),
        ];
        for (name, configured, is_known_on, warning, error) in rows {
            let (mut found, mut diags) = (Diagnostics::default(), Diagnostics::default());
            foresee(configured, is_known_on, &mut found, &mut diags);
            let warnings: Vec<&str> = diags.warnings.iter().map(|warning| &*warning.summary).collect();
            assert_eq!(warnings, warning.as_slice(), "{name}");
            let errors: Vec<&str> = found.errors.iter().map(|error| &*error.summary).collect();
            assert_eq!(errors, error.as_slice(), "{name}");
            assert!(diags.errors.is_empty() && found.warnings.is_empty(), "{name}");
            let unless =
                diags.warnings.first().is_some_and(|warning| warning.detail.contains("unless it is on already"));
            assert_eq!(unless, *configured == Value::Value(true) && is_known_on.is_none(), "{name}");
        }
    }
}
