//! Which of the two secrets that Okta allows may go, so that another one fits.
//!
//! Nobody reports which one Druva uses. So only what is certainly not in use goes, or what the link's status tells of.

use crate::okta::api_services::{MAX_SECRETS, Secret, SecretStatus};

/// What has to go before another secret fits.
#[derive(Debug)]
pub enum Slot<'a> {
    /// Nothing.
    Free,
    /// The first of these that is not in use. Inactive ones certainly are not.
    InPlaceOf(Vec<&'a Secret>),
}

/// Which of the two secrets must not be touched.
#[derive(Clone, Copy, Debug)]
pub struct Policy<'a> {
    /// Okta's id of the secret in the state, if it holds one.
    pub ours: Option<&'a str>,
    /// The user said that the oldest may go.
    pub replace_oldest: bool,
    /// A link can show which secret Druva uses, so that trying does no harm.
    pub has_probe: bool,
}

impl Policy<'_> {
    /// The slot for another one beside `secrets`. None where each may be the one in use.
    pub fn slot<'a>(&self, secrets: &'a [Secret]) -> Option<Slot<'a>> {
        if secrets.len() < MAX_SECRETS {
            return Some(Slot::Free);
        }
        if let Some(inactive) = secrets.iter().find(|secret| secret.status == SecretStatus::Inactive) {
            return Some(Slot::InPlaceOf(vec![inactive]));
        }
        let mut by_age: Vec<&Secret> = secrets.iter().collect();
        // Of two that were made within one second, ours is the last to go: neither time nor order tells more.
        let is_ours = |secret: &Secret| Some(secret.id.as_str()) == self.ours;
        by_age.sort_by(|one, other| one.created.cmp(&other.created).then(is_ours(one).cmp(&is_ours(other))));
        let ours = by_age.iter().copied().find(|secret| is_ours(secret));
        if let Some(ours) = ours {
            // Minted by a run that was interrupted. Should Druva use it after all, ours is the one that is not in use.
            let newer = by_age.iter().copied().find(|secret| is_older(ours, secret));
            if let Some(newer) = newer {
                return Some(Slot::InPlaceOf(vec![newer, ours]));
            }
        }
        // Which is the oldest has to be certain.
        let has_oldest =
            ours.is_some() || by_age.first().zip(by_age.get(1)).is_some_and(|(one, other)| is_older(one, other));
        ((self.replace_oldest && has_oldest) || self.has_probe).then_some(Slot::InPlaceOf(by_age))
    }
}

/// Whether `one` was created before `other`, as far as Okta's whole seconds tell. Its timestamps are ISO 8601 in UTC, so that
/// text order is time order.
pub fn is_older(one: &Secret, other: &Secret) -> bool {
    one.id != other.id && one.created < other.created
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What goes, the first one first. None: minting is refused.
    type Ids = Option<&'static [&'static str]>;

    /// `id@second`; a `-` in front of it: inactive.
    fn secret(text: &str) -> Secret {
        let (status, text) = match text.strip_prefix('-') {
            Some(text) => (SecretStatus::Inactive, text),
            None => (SecretStatus::Active, text),
        };
        let (id, second) = text.split_once('@').expect("id@second");
        let created = format!("2023-02-21T20:08:0{second}.000Z");
        Secret { id: id.into(), status, secret_hash: id.into(), created: created.as_str().into() }
    }

    #[test]
    fn what_goes_is_certainly_not_in_use_or_tried_first() {
        let nothing = Policy { ours: None, replace_oldest: false, has_probe: false };
        let ours = Policy { ours: Some("ours"), ..nothing };
        let told = |policy| Policy { replace_oldest: true, ..policy };
        let probed = |policy| Policy { has_probe: true, ..policy };
        let (refused, free): (Ids, Ids) = (None, Some(&[]));
        let rows: [(&str, Policy<'_>, &[&str], Ids); 21] = [
            ("no secret", nothing, &[], free),
            ("one secret", ours, &["ours@1"], free),
            ("one inactive secret", ours, &["-ours@1"], free),
            ("an inactive one", ours, &["ours@1", "-other@2"], Some(&["other"])),
            ("an inactive one that is ours", ours, &["-ours@1", "other@2"], Some(&["ours"])),
            ("both inactive: the first on the list", nothing, &["-a@2", "-b@1"], Some(&["a"])),
            ("a newer one, which is unknown", ours, &["unknown@2", "ours@1"], Some(&["unknown", "ours"])),
            ("a newer one, although the oldest may go", told(ours), &["ours@1", "b@2"], Some(&["b", "ours"])),
            ("an older one, which may be in use", ours, &["ours@2", "older@1"], refused),
            ("two strangers", nothing, &["b@2", "a@1"], refused),
            ("ours is not among them", ours, &["b@2", "a@1"], refused),
            ("one of the same second", ours, &["ours@1", "other@1"], refused),
            ("the oldest may go", told(ours), &["ours@2", "older@1"], Some(&["older", "ours"])),
            ("the oldest may go, and is a stranger", told(nothing), &["b@2", "a@1"], Some(&["a", "b"])),
            ("the oldest may go, ours of the same second", told(ours), &["ours@1", "b@1"], Some(&["b", "ours"])),
            ("the oldest may go, strangers of one second", told(nothing), &["b@1", "a@1"], refused),
            ("the oldest may go, ours is not there", told(ours), &["b@1", "a@1"], refused),
            ("a probe", probed(ours), &["ours@2", "older@1"], Some(&["older", "ours"])),
            ("a probe, strangers", probed(nothing), &["b@2", "a@1"], Some(&["a", "b"])),
            ("a probe, strangers of one second", probed(nothing), &["b@1", "a@1"], Some(&["b", "a"])),
            ("a probe, ours of the same second", probed(ours), &["ours@1", "b@1"], Some(&["b", "ours"])),
        ];
        for (name, policy, secrets, expected) in rows {
            let secrets: Vec<Secret> = secrets.iter().map(|text| secret(text)).collect();
            let slot = policy.slot(&secrets);
            let going = slot.as_ref().map(|slot| match slot {
                Slot::Free => Vec::new(),
                Slot::InPlaceOf(secrets) => secrets.iter().map(|secret| secret.id.as_str()).collect(),
            });
            assert_eq!(going.as_deref(), expected, "{name}");
        }
    }
}
