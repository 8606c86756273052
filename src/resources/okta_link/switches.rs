//! The switches of a link: scheduled backups, and Cloud Key Management, which belongs to the whole account.

use reqwest::StatusCode;
use tf_provider::value::Value;

use super::model::Model;
use crate::diagnostics::{self, DruvaOperation};
use crate::druva;
use crate::druva::okta_links::{Link, Switches};

/// The attributes.
pub(super) const BACKUP: &str = "backup_enabled";
pub(super) const KEY_MANAGEMENT: &str = "cloud_key_management_enabled";

/// A switch that could not be set.
pub(super) struct Unset {
    pub attribute: &'static str,
    pub error: druva::Error,
}

impl Unset {
    /// Whether trying again is pointless: Druva has understood, and does not do it.
    pub fn is_final(&self) -> bool {
        self.error.status().is_some_and(|status| status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT)
    }

    /// Whether the account does not allow it, as one with keys of its own has no Cloud Key Management.
    pub fn is_impossible(&self) -> bool {
        self.attribute == KEY_MANAGEMENT && self.error.status() == Some(StatusCode::CONFLICT)
    }

    /// What Druva said, and what to do next.
    pub fn explain(&self, link: &Link) -> String {
        diagnostics::explain_druva(DruvaOperation::SetSwitches(link.into()), &self.error)
    }
}

/// Sets the switches that are not as planned, as far as Druva does it; `link` is what it shows then. Cloud Key Management
/// that is on is left so: nobody can switch it off.
pub(super) async fn set(druva: &druva::Client, planned: &Model, link: &mut Link) -> Option<Unset> {
    let both = to_set(planned, link);
    if both == Switches::default() {
        return None;
    }
    let backup = Switches { cloud_key_management_enabled: None, ..both };
    let error = match druva.set_switches(&link.id, both).await {
        Ok(fresh) => {
            *link = fresh;
            return None;
        }
        Err(error) => error,
    };
    let is_refused = error.status() == Some(StatusCode::CONFLICT) && both.cloud_key_management_enabled.is_some();
    if !is_refused {
        return Some(Unset { attribute: if both.backup_enabled.is_some() { BACKUP } else { KEY_MANAGEMENT }, error });
    }
    // Most likely it is Cloud Key Management that cannot be set: the backups need not wait for it.
    if backup != Switches::default() {
        match druva.set_switches(&link.id, backup).await {
            Ok(fresh) => *link = fresh,
            Err(error) => return Some(Unset { attribute: BACKUP, error }),
        }
    }
    Some(Unset { attribute: KEY_MANAGEMENT, error })
}

/// The switches that are not as planned, and that Druva can set.
fn to_set(planned: &Model, link: &Link) -> Switches {
    let wanted = |planned: Value<bool>, actual: bool| planned.as_option().filter(|planned| *planned != actual);
    Switches {
        backup_enabled: wanted(planned.backup_enabled, link.backup_enabled),
        cloud_key_management_enabled: wanted(planned.cloud_key_management_enabled, link.cloud_key_management_enabled)
            .filter(|on| *on),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_differs_is_set_and_key_management_only_on() {
        let (on, off) = (Value::Value(true), Value::Value(false));
        let rows = [
            ("as planned", (on, on), (true, true), (None, None)),
            ("backups on", (on, on), (false, true), (Some(true), None)),
            ("backups off", (off, on), (true, true), (Some(false), None)),
            ("both on", (on, on), (false, false), (Some(true), Some(true))),
            ("key management cannot be switched off", (on, off), (true, true), (None, None)),
            ("left open", (Value::Unknown, Value::Unknown), (false, false), (None, None)),
            ("left out", (Value::Null, Value::Null), (true, false), (None, None)),
        ];
        for (name, planned, actual, expected) in rows {
            let planned =
                Model { backup_enabled: planned.0, cloud_key_management_enabled: planned.1, ..Model::default() };
            let link = json!({
                "id": "17", "oktaDomain": "example.okta.com", "clientId": "0oa1", "appStatus": "CONNECTED",
                "backupEnabled": actual.0, "cloudKeyManagementEnabled": actual.1,
                "addedOn": "2023-02-21T20:08:24.000Z",
            });
            let link: Link = serde_json::from_value(link).expect("a link");
            let expected = Switches { backup_enabled: expected.0, cloud_key_management_enabled: expected.1 };
            assert_eq!(to_set(&planned, &link), expected, "{name}");
        }
    }
}
