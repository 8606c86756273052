//! What this process did. Terraform starts one for each step of a run, so that is what one apply did.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tf_provider::value::Value;

use super::model::Model;
use crate::okta::api_services::DRUVA_NAME;

/// What was adopted and removed so far.
#[derive(Debug, Default)]
pub(super) struct Run(Mutex<Done>);

#[derive(Debug, Default)]
struct Done {
    /// The ids of the integrations that were taken over.
    adopted: BTreeSet<String>,
    /// By org, the id of an integration that was removed.
    removed: BTreeMap<String, String>,
    /// By org, the type of an integration of Druva's that was removed.
    removed_types: BTreeMap<String, String>,
}

impl Run {
    /// Notes that an integration is being taken over.
    pub fn adopts(&self, id: &str) {
        self.done().adopted.insert(id.to_owned());
    }

    /// Whether an integration was taken over in this run.
    pub fn has_adopted(&self, id: &str) -> bool {
        self.done().adopted.contains(id)
    }

    /// Notes that the integration of `state` is being removed.
    pub fn removes(&self, state: &Model) {
        let text = Value::<String>::as_deref_option;
        let (Some(org), Some(id), Some(kind)) = (text(&state.org_url), text(&state.id), text(&state.kind)) else {
            return;
        };
        let mut done = self.done();
        done.removed.insert(org.to_owned(), id.to_owned());
        if text(&state.name) == Some(DRUVA_NAME) {
            done.removed_types.insert(org.to_owned(), kind.to_owned());
        }
    }

    /// The id of an integration that this run removed from the org.
    pub fn removed(&self, org: &str) -> Option<String> {
        self.done().removed.get(org).cloned()
    }

    /// The type of Druva's integration that this run removed from the org.
    pub fn removed_type(&self, org: &str) -> Option<String> {
        self.done().removed_types.get(org).cloned()
    }

    fn done(&self) -> MutexGuard<'_, Done> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{model, text};
    use super::*;

    #[test]
    fn what_was_adopted_is_known_by_its_id() {
        let run = Run::default();
        run.adopts("0oa1");
        assert!(run.has_adopted("0oa1") && !run.has_adopted("0oa2"));
    }

    #[test]
    fn only_the_type_of_druvas_own_is_kept_by_org() {
        let run = Run::default();
        let state = |org: &str, kind: &str, name: &str| Model {
            org_url: text(org),
            name: text(name),
            id: text("0oa1"),
            ..model(kind, &[])
        };
        run.removes(&state("https://a.okta.com", "first", DRUVA_NAME));
        run.removes(&state("https://a.okta.com", "other", "Another App"));
        run.removes(&Model { name: text(DRUVA_NAME), ..model("without an org", &[]) });
        assert_eq!(run.removed_type("https://a.okta.com").as_deref(), Some("first"));
        assert_eq!(run.removed_type("https://b.okta.com"), None);
        assert_eq!(run.removed("https://a.okta.com").as_deref(), Some("0oa1"));
        assert_eq!(run.removed("https://b.okta.com"), None);
    }
}
