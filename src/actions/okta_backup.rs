//! `druva_okta_backup`: "Backup Now" of the Druva Cloud Platform Console, for one linked org.
//!
//! Druva's side of it is assumed: see [`crate::druva::okta_links`]. It has no way to ask for a job, so that waiting is
//! looking at the link until it has another last backup.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::StatusCode;
use serde::Deserialize;
use terraform_plugin::schema::{Schema, boolean};
use terraform_plugin::timeouts::{InvokeTimeout, invoke_timeout};
use terraform_plugin::{Action, Progress, Report, Reported};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};
use tokio::time::Instant;

use super::link_argument::{LINK_ID, link, link_id, planned_link, validate_link_id};
use super::problems;
use crate::clients::SharedClients;
use crate::diagnostics::DruvaOperation;
use crate::druva::okta_links::{Backup, Link};
use crate::instant_text::{nanos, nanos_of};
use crate::redaction::ServerText;
use crate::{diagnostics, druva, http};

/// How long it may take unless the configuration says otherwise. A backup may have many users to read.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(2 * 60 * 60);
/// How often Druva is asked whether the backup has ended, at first and at most.
const FIRST_POLL: Duration = Duration::from_secs(1);
const SLOWEST_POLL: Duration = Duration::from_secs(30);
/// By how much Druva's clocks may differ, and be behind the `Date` that they were read from.
const CLOCK_SKEW: Duration = Duration::from_secs(2);

/// The action, with the clients of its provider.
pub struct OktaBackupAction(pub SharedClients);

/// The configuration.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Config {
    link_id: Value<String>,
    wait: Value<bool>,
    timeouts: Value<InvokeTimeout>,
}

#[async_trait]
impl Action for OktaBackupAction {
    type Config = Config;

    fn schema(&self) -> Schema {
        let wait = "Whether to wait until the backup has ended, and to fail unless Druva calls it successful. Default: \
            `false`, which only starts it.";
        Schema::new(
            "Backs up a linked Okta org now, beside its schedule. Druva publishes no API for this: the provider \
             assumes one, see the provider's `okta_api_path`.",
        )
        .attribute(link_id())
        .attribute(boolean("wait").optional().describe(wait))
        .block(invoke_timeout(DEFAULT_TIMEOUT))
    }

    fn validate(&self, config: &Config, diags: &mut Diagnostics) {
        validate_link_id(&config.link_id, diags);
        InvokeTimeout::validate(&config.timeouts, diags);
    }

    async fn plan(&self, config: Config, diags: &mut Diagnostics) -> Result<(), Reported> {
        planned_link(&self.0, &config.link_id, diags).await.map(drop)
    }

    /// Starts a backup, and waits for its end if that is wanted.
    async fn invoke(&self, config: Config, progress: &Progress, diags: &mut Diagnostics) -> Result<(), Reported> {
        let clients = self.0.until(InvokeTimeout::deadline(&config.timeouts, DEFAULT_TIMEOUT));
        let (druva, link) = link(&clients, &config.link_id, diags).await?;
        let org = &link.okta_domain;
        let asked = Instant::now();
        let job = druva.start_backup(&link.id).await.map_err(|error| report_not_begun(org, &error, diags))?;
        progress.say(format!("Druva began to back up {org} (job {job})."));
        if config.wait != Value::Value(true) {
            return Ok(());
        }
        let backup = ended(&druva, &link, asked, progress).await.map_err(|error| {
            let detail = format!(
                "{} The backup of {org} is still running in Druva. Its end is shown by last_backup of the data source \
                 druva_okta_link, and in the Druva Cloud Platform Console (All Services > Okta).\n\nIf you invoke the action \
                 again, another backup starts. To wait longer, raise timeouts.invoke.",
                diagnostics::sentence(&error.to_string())
            );
            diags.fail(problems::nobody_waits(), detail, AttributePath::root())
        })?;
        let said = describe(org, &backup);
        if backup.is_success() {
            progress.say(said);
            return Ok(());
        }
        let detail = format!("{said} Look at the job in the Druva Cloud Platform Console (All Services > Okta).");
        Err(diags.fail(problems::backup_ended_badly(), detail, AttributePath::root()))
    }
}

/// An error: Druva did not begin, or it is not known whether it did.
fn report_not_begun(org: &str, error: &druva::Error, diags: &mut Diagnostics) -> Reported {
    if error.may_have_acted() {
        let detail = format!(
            "{} Look in the Druva Cloud Platform Console (All Services > Okta) whether a backup of {org} runs. If none \
             does, invoke the action again.",
            diagnostics::sentence(&error.to_string())
        );
        return diags.fail(problems::unknown_whether_backing_up(), detail, AttributePath::root());
    }
    let attribute = AttributePath::new(LINK_ID);
    if error.status() == Some(StatusCode::CONFLICT) {
        let said = diagnostics::sentence(&format!("Druva answered: {error}"));
        let detail = format!(
            "{said} A backup of {org} runs already, or backups are switched off.\n  - If one runs, wait until it has ended, \
             and invoke the action again.\n  - If backups are off, set backup_enabled = true on the druva_okta_link."
        );
        return diags.fail(problems::backup_refused(), detail, attribute);
    }
    diagnostics::druva(diags, DruvaOperation::StartBackup(org), error, attribute)
}

/// The backup that ended after `asked`, and that `before` did not have. If a scheduled one ends in that time, it is taken for
/// ours: nothing tells whose it was.
async fn ended(
    druva: &druva::Client,
    before: &Link,
    asked: Instant,
    progress: &Progress,
) -> Result<Backup, druva::Error> {
    let _awaited = druva.awaited();
    let earliest = nanos_of(druva.server_time(asked)) - nanos(CLOCK_SKEW);
    let is_ours = |ended: &Backup| is_new(before.last_backup.as_ref(), ended, earliest);
    let mut pause = FIRST_POLL;
    loop {
        druva.http().pause(pause).await?;
        let so_far = format!("({} s)", asked.elapsed().as_secs());
        match druva.get_link(&before.id).await {
            Ok(Link { last_backup: Some(backup), .. }) if is_ours(&backup) => return Ok(backup),
            Ok(_) => progress.say(format!("Still backing up {} {so_far}.", before.okta_domain)),
            // The time in timeouts is longer than an outage.
            Err(error) if is_passing(&error) => progress.say(format!("Druva cannot be asked {so_far}: {error}.")),
            Err(error) => return Err(error),
        }
        pause = (pause * 2).min(SLOWEST_POLL);
    }
}

fn is_passing(error: &druva::Error) -> bool {
    match error {
        druva::Error::Http(http::Error::Stopped | http::Error::DeadlinePassed) => false,
        druva::Error::Http(_) => true,
        error => error.status().is_some_and(|status| status.is_server_error()),
    }
}

/// Whether a backup `ended` at the `earliest` time or later (nanoseconds since 1970), and is another one than the one `before`.
fn is_new(before: Option<&Backup>, ended: &Backup, earliest: i128) -> bool {
    let Some(at) = &ended.finished_on else { return false };
    before.and_then(|before| before.finished_on.as_ref()) != Some(at)
        && at.unix_nanos().is_some_and(|at| at >= earliest)
}

fn describe(org: &str, backup: &Backup) -> String {
    let status = ServerText::shown_or(backup.status.as_ref(), "none given");
    let finished_on = ServerText::shown_or(backup.finished_on.as_ref(), "an unknown time");
    format!("The backup of {org} ended at {finished_on}; Druva's status of it: {status}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backup(status: Option<&str>, finished_on: Option<&str>) -> Backup {
        Backup { status: status.map(ServerText::from), finished_on: finished_on.map(ServerText::from) }
    }

    #[test]
    fn a_backup_is_ours_if_it_ended_since_it_was_asked_for() {
        let earliest = ServerText::from("2023-02-21T20:08:24.000Z").unix_nanos().expect("a time");
        let (early, later) = (Some("2023-02-21T20:08:23.999Z"), Some("2023-02-21T20:08:24.000Z"));
        let rows = [
            ("the first one", None, later, true),
            ("another one than before", Some(early), later, true),
            ("the same as before", Some(later), later, false),
            ("one that ended before it was asked for", None, early, false),
            ("one whose end is not told", Some(early), None, false),
            ("after one whose end was not told", Some(None), later, true),
            ("one whose end cannot be read", None, Some("soon"), false),
        ];
        for (name, before, ended, expected) in rows {
            let before = before.map(|finished_on| backup(None, finished_on));
            assert_eq!(is_new(before.as_ref(), &backup(None, ended), earliest), expected, "{name}");
        }
    }
}
