//! Why Druva is given a client and secret, and what is said of it.

use terraform_plugin::{Report, Reported};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::model::Model;
use super::problems;
use super::secret_source::SecretSource;
use crate::diagnostics;
use crate::druva::okta_links::AppStatus;
use crate::linking::client_secrets::{INACTIVE, MISSING};
use crate::secret::ClientSecret;

/// Why Druva must be given a client and secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// There is no link yet.
    New,
    /// The link that there is goes, and the org is linked again.
    Again,
    /// The configuration has another client.
    OtherClient,
    /// The configuration has another secret, or wants another one minted.
    OtherSecret,
    /// The secret that was minted no longer works.
    DeadSecret,
    /// Druva is not connected any more, with Druva's reason.
    NotConnected(Option<String>),
}

impl Reason {
    /// Why `plan` gives Druva a client and secret, if it does. Without a secret a link that works is left as it is.
    pub fn between(prior: &Model, plan: &Model, source: SecretSource) -> Option<Self> {
        if plan.client_id != prior.client_id {
            return Some(Self::OtherClient);
        }
        let is_other = match source {
            // By the hash: the state may know the secret without holding it.
            SecretSource::Stored => {
                plan.client_secret.as_ref().map(ClientSecret::okta_hash) != prior.client_secret_hash
            }
            SecretSource::WriteOnly => plan.client_secret_wo_version != prior.client_secret_wo_version,
            SecretSource::Minted => {
                prior.mint_client_secret != Value::Value(true)
                    || plan.rotate_when_changed != prior.rotate_when_changed
                    || prior.client_secret_id.is_null()
            }
            SecretSource::None => false,
        };
        if is_other {
            return Some(Self::OtherSecret);
        }
        let status = prior.client_secret_status.as_deref_option();
        if source == SecretSource::Minted && matches!(status, Some(INACTIVE | MISSING)) {
            return Some(Self::DeadSecret);
        }
        // A connection that is being made is waited for.
        let is_fine = [AppStatus::CONNECTED, AppStatus::CONNECTING].map(str::to_owned);
        let is_lost = prior.status.as_ref_option().is_some_and(|status| !is_fine.contains(status));
        is_lost.then(|| Self::NotConnected(prior.status_reason.as_ref_option().cloned()))
    }

    /// Whether Druva may connect by itself, so that the reason goes.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::NotConnected(_))
    }

    /// Whether it still holds, now that Druva's status is this one.
    pub fn holds(&self, status: &AppStatus) -> bool {
        !self.may_pass() || *status != AppStatus::Connected
    }

    /// An error: this cannot be done without a secret.
    pub fn demand_secret(&self, diags: &mut Diagnostics) -> Reported {
        let why = match self {
            Self::New | Self::Again => "Linking an Okta org needs a client secret, and none is given.",
            Self::OtherClient => "Another client needs its secret, and none is given.",
            Self::OtherSecret | Self::DeadSecret => "Re-authorizing needs a client secret, and none is given.",
            Self::NotConnected(_) => {
                "Druva has lost the connection to the Okta org. Re-authorizing needs a client secret, and none is given."
            }
        };
        diags.fail(
            problems::secret_needed(),
            format!(
                "{why}{} Choose one of these:\n  - Refer to the client_secret of a druva_okta_integration. It is null after \
                 an import: set rotate_when_changed there, and the provider mints one.\n  - Set client_secret_wo and \
                 client_secret_wo_version.\n  - Set mint_client_secret = true.{}",
                self.druvas_reason(),
                self.how_to_begin_anew()
            ),
            AttributePath::new("client_secret"),
        )
    }

    /// What the plan does not show by itself.
    pub fn announce(&self, prior: &Model, source: SecretSource, diags: &mut Diagnostics) {
        let status = prior.client_secret_status.as_deref_option().unwrap_or_default();
        match self {
            Self::NotConnected(_) if source != SecretSource::Minted && matches!(status, INACTIVE | MISSING) => diags.warn(
                problems::not_connected_and_dead_secret(),
                format!(
                    "The status of the client secret in Okta is {status}, so Okta will refuse it. Give another secret \
                     before you apply. With client_secret_wo, change client_secret_wo_version too.{}",
                    self.druvas_reason()
                ),
                AttributePath::new("client_secret_status"),
            ),
            Self::NotConnected(_) => diags.warn(
                problems::not_connected(),
                format!("This plan re-authorizes Druva.{}", self.druvas_reason()),
                AttributePath::new("status"),
            ),
            Self::DeadSecret => diags.warn_as_listed(problems::dead_minted_secret(), AttributePath::new("client_secret_status"),
            ),
            _ => {}
        }
    }

    /// After an apply that was killed before it linked the org. Where there is a link, this would cut it off.
    fn how_to_begin_anew(&self) -> &'static str {
        match self {
            Self::New => {
                "\n  - If an apply was interrupted before it linked the org, nothing uses the integration yet. Install it \
                 anew, which gives a secret. ADDRESS is that of the druva_okta_integration:\n      terraform apply \
                 -replace=ADDRESS"
            }
            _ => "",
        }
    }

    fn druvas_reason(&self) -> String {
        match self {
            Self::NotConnected(Some(reason)) => format!(" Druva's reason: {}", diagnostics::sentence(reason)),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn text(text: &str) -> Value<String> {
        Value::Value(text.to_owned())
    }

    fn secret(text: &str) -> Value<ClientSecret> {
        Value::Value(ClientSecret::from(text.to_owned()))
    }

    fn rotation(value: &str) -> Value<BTreeMap<String, Value<String>>> {
        Value::Value([("at".to_owned(), text(value))].into())
    }

    /// A link that works, with a secret that the state knows.
    fn linked() -> Model {
        Model {
            client_id: text("0oa1"),
            client_secret: secret("rN4-of-a-table-1"),
            client_secret_hash: secret("rN4-of-a-table-1").map(|secret| secret.okta_hash()),
            client_secret_id: text("ocs1"),
            client_secret_status: text("ACTIVE"),
            client_secret_wo_version: Value::Value(1),
            mint_client_secret: Value::Value(true),
            rotate_when_changed: rotation("a"),
            status: text("CONNECTED"),
            ..Model::default()
        }
    }

    #[test]
    fn druva_is_authorized_for_a_reason() {
        use Reason::{DeadSecret, NotConnected, OtherClient, OtherSecret};
        use SecretSource::{Minted, None as NoSource, Stored, WriteOnly};
        let same = linked;
        let lost = || Model { status: text("NOT_CONNECTED"), status_reason: text("blocked"), ..linked() };
        let dead = |status| Model { client_secret_status: text(status), ..linked() };
        let blocked = || Some(NotConnected(Some("blocked".to_owned())));
        let rows = [
            ("nothing differs, stored", Stored, same(), same(), None),
            ("nothing differs, write-only", WriteOnly, same(), same(), None),
            ("nothing differs, minted", Minted, same(), same(), None),
            ("nothing differs, no secret", NoSource, same(), same(), None),
            ("another client", Stored, same(), Model { client_id: text("0oa2"), ..same() }, Some(OtherClient)),
            (
                "another client, no secret",
                NoSource,
                same(),
                Model { client_id: text("0oa2"), ..same() },
                Some(OtherClient),
            ),
            ("an unknown client", NoSource, same(), Model { client_id: Value::Unknown, ..same() }, Some(OtherClient)),
            (
                "another secret",
                Stored,
                same(),
                Model { client_secret: secret("rN4-of-a-table-2"), ..same() },
                Some(OtherSecret),
            ),
            ("an unknown secret", Stored, same(), Model { client_secret: Value::Unknown, ..same() }, Some(OtherSecret)),
            (
                "the first secret after an import",
                Stored,
                Model { client_secret_hash: Value::Null, ..same() },
                same(),
                Some(OtherSecret),
            ),
            (
                "the same secret, which the state knows by its hash only",
                Stored,
                Model { client_secret: Value::Null, ..same() },
                same(),
                None,
            ),
            (
                "another secret that is not asked for",
                NoSource,
                same(),
                Model { client_secret: secret("rN4-of-a-table-2"), ..same() },
                None,
            ),
            (
                "another version",
                WriteOnly,
                same(),
                Model { client_secret_wo_version: Value::Value(2), ..same() },
                Some(OtherSecret),
            ),
            (
                "another version of another source",
                Minted,
                same(),
                Model { client_secret_wo_version: Value::Value(2), ..same() },
                None,
            ),
            (
                "minting from now on",
                Minted,
                Model { mint_client_secret: Value::Value(false), ..same() },
                same(),
                Some(OtherSecret),
            ),
            ("a rotation", Minted, same(), Model { rotate_when_changed: rotation("b"), ..same() }, Some(OtherSecret)),
            (
                "a rotation that is perhaps one",
                Minted,
                same(),
                Model { rotate_when_changed: Value::Unknown, ..same() },
                Some(OtherSecret),
            ),
            (
                "a rotation of a given secret",
                Stored,
                same(),
                Model { rotate_when_changed: rotation("b"), ..same() },
                None,
            ),
            (
                "minted, and it is not known which",
                Minted,
                Model { client_secret_id: Value::Null, ..same() },
                same(),
                Some(OtherSecret),
            ),
            ("minted, and deactivated", Minted, dead("INACTIVE"), same(), Some(DeadSecret)),
            ("minted, and deleted", Minted, dead("MISSING"), same(), Some(DeadSecret)),
            ("given, and deactivated", Stored, dead("INACTIVE"), same(), None),
            ("the connection is lost", Stored, lost(), same(), blocked()),
            ("the connection is lost, no secret", NoSource, lost(), same(), blocked()),
            (
                "the connection is lost, without a reason",
                WriteOnly,
                Model { status_reason: Value::Null, ..lost() },
                same(),
                Some(NotConnected(None)),
            ),
            (
                "a word of Druva's that is not known",
                Stored,
                Model { status: text("SUSPENDED"), ..same() },
                same(),
                Some(NotConnected(None)),
            ),
            ("Druva is connecting", Stored, Model { status: text("CONNECTING"), ..same() }, same(), None),
            ("no status", Stored, Model { status: Value::Null, ..same() }, same(), None),
            (
                "another secret, and the connection is lost",
                WriteOnly,
                lost(),
                Model { client_secret_wo_version: Value::Null, ..same() },
                Some(OtherSecret),
            ),
        ];
        for (name, source, prior, plan, expected) in rows {
            assert_eq!(Reason::between(&prior, &plan, source), expected, "{name}");
        }
    }

    #[test]
    fn only_a_lost_connection_comes_back_by_itself() {
        let connected = AppStatus::Connected;
        let rows = [
            ("lost, and back", Reason::NotConnected(None), &connected, false),
            ("lost", Reason::NotConnected(None), &AppStatus::NotConnected, true),
            ("lost, and on its way", Reason::NotConnected(None), &AppStatus::Connecting, true),
            ("another client", Reason::OtherClient, &connected, true),
            ("another secret", Reason::OtherSecret, &connected, true),
            ("a dead secret", Reason::DeadSecret, &connected, true),
        ];
        for (name, reason, status, expected) in rows {
            assert_eq!(reason.holds(status), expected, "{name}");
        }
    }

    #[test]
    fn a_secret_is_demanded_for_the_reason_there_is() {
        let blocked = Reason::NotConnected(Some("blocked".to_owned()));
        let rows = [
            ("new", Reason::New, "Linking an Okta org needs", "terraform apply -replace=ADDRESS"),
            ("again", Reason::Again, "Linking an Okta org needs", "Set mint_client_secret = true."),
            ("another client", Reason::OtherClient, "Another client needs", "Set mint_client_secret = true."),
            ("another secret", Reason::OtherSecret, "Re-authorizing needs", "Set mint_client_secret = true."),
            ("a dead secret", Reason::DeadSecret, "Re-authorizing needs", "Set mint_client_secret = true."),
            ("a lost connection", blocked, "Druva has lost the connection", "Set mint_client_secret = true."),
        ];
        for (name, reason, start, end) in rows {
            let mut diags = Diagnostics::default();
            reason.demand_secret(&mut diags);
            let detail = &diags.errors[0].detail;
            assert!(detail.starts_with(start) && detail.ends_with(end), "{name}: {detail}");
            assert_eq!(detail.contains("Druva's reason: Blocked."), reason.may_pass(), "{name}: {detail}");
        }
    }

    #[test]
    fn a_plan_says_what_it_does_not_show() {
        use SecretSource::{Minted, Stored};
        let prior = |status| Model { client_secret_status: text(status), ..Model::default() };
        let lost = Reason::NotConnected(None);
        let rows = [
            ("a new link", Reason::New, Stored, "ACTIVE", None),
            ("another client", Reason::OtherClient, Stored, "ACTIVE", None),
            ("another secret", Reason::OtherSecret, Minted, "MISSING", None),
            ("a dead secret", Reason::DeadSecret, Minted, "MISSING", Some("The minted client secret no longer works")),
            ("lost", lost.clone(), Stored, "ACTIVE", Some("Druva is not connected to the Okta org")),
            ("lost, minted", lost.clone(), Minted, "INACTIVE", Some("Druva is not connected to the Okta org")),
            (
                "lost, and the secret is inactive",
                lost.clone(),
                Stored,
                "INACTIVE",
                Some("Druva is not connected to the Okta org, and the secret no longer works"),
            ),
            (
                "lost, and the secret is gone",
                lost,
                Stored,
                "MISSING",
                Some("Druva is not connected to the Okta org, and the secret no longer works"),
            ),
        ];
        for (name, reason, source, status, expected) in rows {
            let mut diags = Diagnostics::default();
            reason.announce(&prior(status), source, &mut diags);
            let titles: Vec<&str> = diags.warnings.iter().map(|warning| &*warning.summary).collect();
            assert_eq!(titles, expected.as_slice(), "{name}");
        }
    }
}
