//! What both data sources of links show of one, besides its id and domain.

use serde::Serialize;
use terraform_plugin::nullable;
use terraform_plugin::schema::{Attribute, boolean, object, string};
use tf_provider::value::Value;

use crate::druva::okta_links::Link;
use crate::redaction::ServerText;

#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Details {
    client_id: Value<String>,
    status: Value<String>,
    status_reason: Value<String>,
    backup_enabled: Value<bool>,
    cloud_key_management_enabled: Value<bool>,
    protected: Value<bool>,
    last_backup: Value<LastBackup>,
    storage_region: Value<String>,
    backup_frequency: Value<String>,
    backup_retention: Value<String>,
    added_on: Value<String>,
}

#[derive(Clone, Debug, Default, Serialize)]
struct LastBackup {
    status: Value<String>,
    finished_on: Value<String>,
}

impl Details {
    pub fn of(link: &Link) -> Self {
        let last_backup = link.last_backup.as_ref().map(|backup| LastBackup {
            status: nullable(backup.status.as_ref().map(ServerText::shown)),
            finished_on: nullable(backup.finished_on.as_ref().map(ServerText::shown)),
        });
        Self {
            client_id: Value::Value(link.client_id.clone()),
            status: Value::Value(link.app_status.shown()),
            status_reason: nullable(link.app_status_reason.as_ref().map(ServerText::shown)),
            backup_enabled: Value::Value(link.backup_enabled),
            cloud_key_management_enabled: Value::Value(link.cloud_key_management_enabled),
            protected: Value::Value(link.is_protected()),
            last_backup: nullable(last_backup),
            storage_region: nullable(link.storage_region.as_ref().map(ServerText::shown)),
            backup_frequency: nullable(link.backup_frequency.as_ref().map(ServerText::shown)),
            backup_retention: nullable(link.backup_retention.as_ref().map(ServerText::shown)),
            added_on: Value::Value(link.added_on.shown()),
        }
    }
}

pub(super) fn attributes() -> [Attribute; 11] {
    let last_backup = [
        string("status").computed().describe("How the backup ended, in Druva's words."),
        string("finished_on").computed().describe("When it ended (ISO 8601, UTC)."),
    ];
    [
        string("client_id").computed().describe("The OAuth client that Druva uses in the org."),
        string("status").computed().describe(
            "Whether Druva is connected to the org: `CONNECTED`, `CONNECTING`, `NOT_CONNECTED`, or another word of Druva's, \
             which counts as not connected.",
        ),
        string("status_reason").computed().describe("Why Druva cannot connect to the org, in its own words."),
        boolean("backup_enabled").computed().describe("Whether Druva's scheduled backups of the org are on."),
        boolean("cloud_key_management_enabled")
            .computed()
            .describe("Whether Druva's Cloud Key Management System is on for the org."),
        boolean("protected").computed().describe(
            "Whether Druva is connected, backups are on, and Cloud Key Management is on, so that scheduled backups can run. \
             Says nothing about the backups themselves: see `last_backup`.",
        ),
        object("last_backup", last_backup).computed().describe("The last backup that ended. Null before the first."),
        string("storage_region").computed().describe("Where Druva keeps the backups."),
        string("backup_frequency").computed().describe("How often Druva backs up, in its own words."),
        string("backup_retention").computed().describe("How long Druva keeps backups, in its own words."),
        string("added_on").computed().describe("When the org was linked (ISO 8601, UTC)."),
    ]
}
