//! `POST /_sandbox/drift`: what somebody else does in the two consoles behind Terraform's back.

use super::{ControlError, body};
use crate::{
    call::Call,
    druva::{Domain, NewDomain, host_of},
    okta::{Integration, NewIntegration, SecretStatus},
    world::{Shared, World},
};
use axum::{Json, extract::State};
use serde::Deserialize;
use serde_json::{Map, Value, json};

#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
enum Drift {
    DeleteIntegration {
        id: String,
    },
    DropScope {
        id: String,
        scope: String,
    },
    AddScope {
        id: String,
        scope: String,
    },
    SetProperty {
        id: String,
        name: String,
        value: Value,
    },
    DeactivateSecret {
        id: String,
        secret_id: String,
    },
    ActivateSecret {
        id: String,
        secret_id: String,
    },
    DeleteSecret {
        id: String,
        secret_id: String,
    },
    Install {
        r#type: String,
        scopes: Vec<String>,
        /// What the catalog calls it; made of the type's words when left out.
        name: Option<String>,
        /// The user whom the API token belongs to when left out.
        created_by: Option<String>,
    },
    DeleteDomain {
        id: String,
    },
    SetSwitch {
        id: String,
        backup_enabled: Option<bool>,
        cloud_key_management_enabled: Option<bool>,
    },
    /// Druva ends connecting, well.
    ConnectDomain {
        id: String,
    },
    DisconnectDomain {
        id: String,
        reason: String,
    },
    /// As if a backup had ended then.
    FinishBackup {
        id: String,
        status: String,
        finished_on: String,
    },
    /// Nothing is checked, so that a test can have links of orgs that are not played here.
    Link {
        okta_domain: Option<String>,
        client_id: String,
        client_secret: String,
        backup_enabled: Option<bool>,
        cloud_key_management_enabled: Option<bool>,
    },
    RevokeDruvaTokens,
    RevokeOktaTokens,
}

pub async fn drift(State(sandbox): State<Shared>, call: Call) -> Result<Json<Value>, ControlError> {
    let drift: Drift = body(&call)?;
    let mut world = sandbox.world();
    let world = &mut *world;
    let mut answer = json!({});
    match drift {
        Drift::DeleteIntegration { id } => {
            integration(world, &id)?;
            world.uninstall(&id);
        }
        Drift::DropScope { id, scope } => integration(world, &id)?.scopes.retain(|granted| *granted != scope),
        Drift::AddScope { id, scope } => {
            let scopes = &mut integration(world, &id)?.scopes;
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        Drift::SetProperty { id, name, value } => {
            integration(world, &id)?.properties.insert(name, value);
        }
        Drift::DeactivateSecret { id, secret_id } => set_status(world, &id, &secret_id, SecretStatus::Inactive)?,
        Drift::ActivateSecret { id, secret_id } => set_status(world, &id, &secret_id, SecretStatus::Active)?,
        Drift::DeleteSecret { id, secret_id } => {
            let integration = integration(world, &id)?;
            integration.secret(&secret_id).ok_or_else(|| unknown("secret", &secret_id))?;
            integration.secrets.retain(|secret| secret.id != secret_id);
        }
        Drift::Install { r#type, scopes, name, created_by } => {
            let created_by = created_by.unwrap_or_else(|| sandbox.identity.admin_id.clone());
            let new = NewIntegration { kind: r#type, name, scopes, properties: Map::new(), created_by };
            let installed = world.install(new);
            installed.is_old();
            answer = json!({"id": installed.id, "client_secret": installed.secrets[0].value});
        }
        Drift::DeleteDomain { id } => {
            domain(world, &id)?;
            world.druva.domains.retain(|domain| domain.id != id);
        }
        Drift::SetSwitch { id, backup_enabled, cloud_key_management_enabled } => {
            set_switches(world, &id, backup_enabled, cloud_key_management_enabled)?;
        }
        Drift::ConnectDomain { id } => domain(world, &id)?.connect(),
        Drift::DisconnectDomain { id, reason } => domain(world, &id)?.down = Some(reason),
        Drift::FinishBackup { id, status, finished_on } => {
            domain(world, &id)?.finish_backup(json!({"status": status, "finishedOn": finished_on}));
        }
        Drift::Link { okta_domain, client_id, client_secret, backup_enabled, cloud_key_management_enabled } => {
            let okta = &sandbox.identity.okta_addresses;
            let host = okta_domain.unwrap_or_else(|| okta.main.to_string());
            let host = host_of(&host).ok_or_else(|| ControlError::bad_request("okta_domain is no host"))?;
            if world.linked(&host).is_some() {
                return Err(ControlError::bad_request(format!("{host} is linked already")));
            }
            let linked = world.link(NewDomain { okta_domain: host, client_id, client_secret }, okta);
            let id = linked.id.clone();
            set_switches(world, &id, backup_enabled, cloud_key_management_enabled)?;
            answer = json!({"id": id});
        }
        Drift::RevokeDruvaTokens => world.druva.tokens.clear(),
        Drift::RevokeOktaTokens => world.okta.tokens.clear(),
    }
    Ok(Json(answer))
}

fn set_status(world: &mut World, id: &str, secret_id: &str, status: SecretStatus) -> Result<(), ControlError> {
    let secret = integration(world, id)?.secret(secret_id).ok_or_else(|| unknown("secret", secret_id))?;
    secret.set_status(status);
    Ok(())
}

/// The backups of a link, and Cloud Key Management of the account.
fn set_switches(
    world: &mut World,
    id: &str,
    backup: Option<bool>,
    key_management: Option<bool>,
) -> Result<(), ControlError> {
    let domain = domain(world, id)?;
    domain.backup_enabled = backup.unwrap_or(domain.backup_enabled);
    let now = world.druva.cloud_key_management_enabled;
    world.druva.cloud_key_management_enabled = key_management.unwrap_or(now);
    Ok(())
}

fn integration<'w>(world: &'w mut World, id: &str) -> Result<&'w mut Integration, ControlError> {
    world.okta.integration(id).ok_or_else(|| unknown("integration", id))
}

fn domain<'w>(world: &'w mut World, id: &str) -> Result<&'w mut Domain, ControlError> {
    world.domain(id).ok_or_else(|| unknown("domain", id))
}

fn unknown(what: &str, id: &str) -> ControlError {
    ControlError::not_found(format!("no {what} {id}"))
}
