//! `druva_okta_link`: one Okta org that is linked in Druva, whoever linked it, with its last backup.
//!
//! Druva's side of it is assumed: see [`crate::druva::okta_links`].

use std::time::SystemTime;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use terraform_plugin::schema::{Schema, string};
use terraform_plugin::timeouts::{ReadTimeout, read_timeout};
use terraform_plugin::{DataSource, Report, Reported};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};
use tokio::time::Instant;

use super::backup_age::{self, BackupAge};
use super::link_details::{self, Details};
use super::problems;
use crate::clients::SharedClients;
use crate::diagnostics;
use crate::diagnostics::DruvaOperation;
use crate::domain::OktaDomain;
use crate::druva::okta_links::Link;

/// The data source, with the clients of its provider.
pub struct OktaLinkDataSource(pub SharedClients);

/// The configuration, and what was found.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Model {
    id: Value<String>,
    okta_domain: Value<String>,
    max_backup_age: Value<String>,
    timeouts: Value<ReadTimeout>,
    #[serde(flatten, skip_deserializing)]
    backup_age: BackupAge,
    #[serde(flatten, skip_deserializing)]
    details: Details,
}

#[async_trait]
impl DataSource for OktaLinkDataSource {
    type Model = Model;

    fn schema(&self) -> Schema {
        Schema::new(
            "Looks up one Okta org that is linked in Druva, by id or by domain, whoever linked it: whether Druva is \
             connected, whether backups are on, and when the last one ended. Druva publishes no API for this: the \
             provider assumes one, see the provider's `okta_api_path`.",
        )
        .attribute(string("id").optional().computed().describe("Druva's id of the link. Instead of `okta_domain`."))
        .attribute(string("okta_domain").optional().computed().describe(
            "Address of the linked org, as a URL or a host, as in `https://example.okta.com`. Default without `id`: \
             the provider's `okta.org_url`.",
        ))
        .attributes(backup_age::attributes())
        .attributes(link_details::attributes())
        .block(read_timeout())
    }

    fn validate(&self, config: &Model, diags: &mut Diagnostics) {
        if config.id.is_value() && config.okta_domain.is_value() {
            diags.fail_as_listed(problems::id_and_domain(), AttributePath::new("okta_domain"));
        }
        if let Value::Value(id) = &config.id {
            let _ = diagnostics::expect_link_id(diags, id, AttributePath::new("id"));
        }
        if let Value::Value(domain) = &config.okta_domain {
            let _ = diagnostics::parse_domain(diags, domain);
        }
        backup_age::validate(&config.max_backup_age, diags);
        ReadTimeout::validate(&config.timeouts, diags);
    }

    async fn read(&self, config: Model, diags: &mut Diagnostics) -> Result<Model, Reported> {
        let clients = self.0.until(ReadTimeout::deadline(&config.timeouts));
        let druva = clients.druva(diags)?;
        let org;
        let (what, reading, attribute, outcome) = if let Some(id) = config.id.as_ref_option() {
            let outcome = match druva.get_listed_link(id).await {
                Err(error) if error.is_not_found() => Ok(None),
                outcome => outcome.map(Some),
            };
            (format!("the link {id}"), DruvaOperation::ReadLink(id), AttributePath::new("id"), outcome)
        } else {
            org = domain(&config, clients.get().as_deref().and_then(|clients| clients.org.ready()), diags)?;
            let (reading, attribute) = (DruvaOperation::FindLink(&org), AttributePath::new("okta_domain"));
            (format!("the link of {org}"), reading, attribute, druva.find_listed_link(org.host()).await)
        };
        match outcome {
            Ok(Some(link)) => Ok(found(&link, config, druva.server_time(Instant::now()))),
            Ok(None) => Err(diagnostics::no_such_link(diags, &druva, &what, attribute).await),
            Err(error) => Err(diagnostics::druva(diags, reading, &error, attribute)),
        }
    }
}

/// The user's spelling of the domain stays. `now` is Druva's time.
fn found(link: &Link, config: Model, now: SystemTime) -> Model {
    let okta_domain = if config.okta_domain.is_value() { config.okta_domain } else { link.okta_domain.clone().into() };
    Model {
        id: link.id.clone().into(),
        okta_domain,
        backup_age: BackupAge::of(link, &config.max_backup_age, now),
        details: Details::of(link),
        ..config
    }
}

/// Whose link is meant: that of the domain in `config`, else that of the `org` of the provider block.
fn domain(config: &Model, org: Option<&OktaDomain>, diags: &mut Diagnostics) -> Result<OktaDomain, Reported> {
    if let Some(domain) = config.okta_domain.as_ref_option() {
        return diagnostics::parse_domain(diags, domain);
    }
    org.cloned()
        .ok_or_else(|| diags.fail_as_listed(problems::neither_id_nor_domain(), AttributePath::new("okta_domain")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_domain_is_the_arguments_else_the_providers() {
        let org = OktaDomain::parse("https://provider.okta.com").unwrap();
        for (name, argument, org, expected) in [
            ("the argument", Some("own.okta.com"), None, Ok("own.okta.com")),
            ("both", Some("own.okta.com"), Some(&org), Ok("own.okta.com")),
            ("the provider's", None, Some(&org), Ok("provider.okta.com")),
            ("neither", None, None, Err("Neither an id nor a domain")),
            ("what is none", Some("http://own.okta.com"), Some(&org), Err("Invalid Okta domain")),
        ] {
            let config = Model { okta_domain: argument.map(str::to_owned).into(), ..Model::default() };
            let mut diags = Diagnostics::default();
            let found = domain(&config, org, &mut diags);
            let found = found.as_ref().map(OktaDomain::host).map_err(|_| &*diags.errors[0].summary);
            assert_eq!(found, expected, "{name}");
        }
    }
}
