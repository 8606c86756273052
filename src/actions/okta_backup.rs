//! `druva_okta_backup`: "Backup Now" of the Druva Cloud Platform Console, for one linked org.
//!
//! Druva's side of it is assumed: see [`crate::druva::okta_links`]. It has no way to ask for a job, so that waiting is
//! looking at the link until it has another last backup.

use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use tf_provider::schema::{AttributeType, Schema};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};
use tokio::time::Instant;

use super::{LINK_ID, expect_link, link, link_id, problems, validate_link_id};
use crate::clients::SharedClients;
use crate::druva::okta_links::{Backup, Link};
use crate::framework::attribute::{optional, schema};
use crate::framework::timeouts::{InvokeTimeout, invoke_timeout};
use crate::framework::{Action, Progress, Report};
use crate::{diagnostics, druva};

/// How long it may take unless the configuration says otherwise. A backup may have many users to read.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(2 * 60 * 60);
/// How often Druva is asked whether the backup has ended, at first and at most.
const FIRST_POLL: Duration = Duration::from_secs(1);
const SLOWEST_POLL: Duration = Duration::from_secs(30);

/// The action.
pub struct OktaBackup {
    clients: SharedClients,
}

impl OktaBackup {
    /// The action, with the clients of its provider.
    #[must_use]
    pub fn new(clients: SharedClients) -> Self {
        Self { clients }
    }
}

/// The configuration.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Config {
    link_id: Value<String>,
    wait: Value<bool>,
    timeouts: Value<InvokeTimeout>,
}

#[async_trait]
impl Action for OktaBackup {
    type Config = Config;

    fn schema(&self) -> Schema {
        let wait = "Whether to wait until the backup has ended, and to fail unless Druva calls it successful. Default: \
            `false`, which starts it and goes on.";
        schema(
            0,
            "Backs up a linked Okta org now, beside its schedule. Druva publishes no API for this: the provider assumes \
             one, see the provider's `okta_api_path`.",
            [link_id(), ("wait", optional(AttributeType::Bool, wait)), ("timeouts", invoke_timeout(DEFAULT_TIMEOUT))],
        )
    }

    async fn validate(&self, diags: &mut Diagnostics, config: Config) -> Option<()> {
        validate_link_id(&config.link_id, diags);
        InvokeTimeout::validate(&config.timeouts, diags);
        diags.errors.is_empty().then_some(())
    }

    async fn plan(&self, diags: &mut Diagnostics, config: Config) -> Option<()> {
        expect_link(&self.clients, &config.link_id, diags).await
    }

    async fn invoke(&self, diags: &mut Diagnostics, config: Config, progress: &Progress) -> Option<()> {
        let clients = self.clients.until(InvokeTimeout::deadline(&config.timeouts, DEFAULT_TIMEOUT));
        let (druva, link) = link(&clients, &config.link_id, diags).await?;
        let org = &link.okta_domain;
        match druva.start_backup(&link.id).await {
            Ok(job) => progress.say(format!("Druva began to back up {org} (job {job}).")),
            Err(error) if error.may_have_acted() => {
                let detail = format!(
                    "{} Look in the Druva Cloud Platform Console (All Services > Okta) whether a backup of {org} runs; if \
                     not, invoke the action again.",
                    diagnostics::sentence(&error.to_string())
                );
                diags.fail(problems::unknown_whether_backing_up(), detail, AttributePath::root());
                return None;
            }
            Err(error) => {
                diagnostics::druva(diags, &format!("back up {org}"), &error, AttributePath::new(LINK_ID));
                return None;
            }
        }
        if config.wait != Value::Value(true) {
            return Some(());
        }
        match ended(&druva, &link, progress).await {
            Ok(backup) => judge(org, &backup, progress, diags),
            Err(error) => {
                let doing = format!("wait for the backup of {org}, which goes on in Druva");
                diagnostics::druva(diags, &doing, &error, AttributePath::root());
                None
            }
        }
    }
}

/// The backup that ends after the one that `before` had last.
async fn ended(druva: &druva::Client, before: &Link, progress: &Progress) -> Result<Backup, druva::Error> {
    let last = |link: &Link| link.last_backup.as_ref().and_then(|backup| backup.finished_on.clone());
    let _awaited = druva.awaited();
    let (began, mut pause) = (Instant::now(), FIRST_POLL);
    loop {
        druva.http().pause(pause).await?;
        let link = druva.get_link(&before.id).await?;
        if last(&link) != last(before)
            && let Some(backup) = link.last_backup
        {
            return Ok(backup);
        }
        progress.say(format!("Still backing up {} ({} s).", before.okta_domain, began.elapsed().as_secs()));
        pause = (pause * 2).min(SLOWEST_POLL);
    }
}

/// Druva's words for how a backup ends are not published; only one that says success is taken for one.
fn judge(org: &str, backup: &Backup, progress: &Progress, diags: &mut Diagnostics) -> Option<()> {
    let status = backup.status.as_deref().unwrap_or("none given");
    let finished_on = backup.finished_on.as_deref().unwrap_or("an unknown time");
    let said = format!("The backup of {org} ended at {finished_on}; Druva's status of it: {status}.");
    let words = status.to_ascii_lowercase();
    if words.starts_with("success") && !words.contains("error") {
        progress.say(said);
        return Some(());
    }
    let detail = format!("{said} Look at the job in the Druva Cloud Platform Console (All Services > Okta).");
    diags.fail(problems::backup_ended_badly(), detail, AttributePath::root());
    None
}
