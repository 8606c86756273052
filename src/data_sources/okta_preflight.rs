//! `druva_okta_preflight`: whether everything is there that the set-up needs, found out by reading alone.
//!
//! What is missing is the answer and no error, so that it can be used in a `check` block, in a precondition, and in
//! outputs. What cannot be found out is unknown, never false.

mod check;
mod druva_side;
mod okta_side;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use terraform_plugin::schema::{Schema, Type, boolean, list, set, string};
use terraform_plugin::timeouts::{ReadTimeout, read_timeout};
use terraform_plugin::{DataSource, Reported};
use tf_provider::Diagnostics;
use tf_provider::value::Value;

use self::check::{Check, check};
use self::druva_side::DruvaSide;
use self::okta_side::OktaSide;
use super::{Set, texts};
use crate::clients::SharedClients;
use crate::diagnostics;
use crate::okta::api_services::DRUVA_TYPE;

/// The data source, with the clients of its provider.
pub struct OktaPreflightDataSource(pub SharedClients);

/// The configuration, and what was found.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Model {
    #[serde(rename = "type")]
    kind: Value<String>,
    expect_new: Value<bool>,
    with_link: Value<bool>,
    timeouts: Value<ReadTimeout>,
    #[serde(skip_deserializing)]
    org_url: Value<String>,
    #[serde(skip_deserializing)]
    okta_roles: Set,
    #[serde(flatten, skip_deserializing)]
    checks: Checks,
    #[serde(skip_deserializing)]
    ready: Value<bool>,
    #[serde(skip_deserializing)]
    problems: Value<Vec<Value<String>>>,
}

#[derive(Clone, Debug, Default, Serialize)]
struct Checks {
    okta_org: Check,
    okta_credential: Check,
    okta_role: Check,
    okta_scopes: Check,
    integration_type: Check,
    druva_cloud: Check,
    druva_credential: Check,
    druva_okta_api: Check,
    druva_role: Check,
    integration_absent: Check,
    link_absent: Check,
}

impl Checks {
    /// What stands in the way of a set-up, with a link or without, and of one that must be new.
    fn problems(&self, with_link: bool, expect_new: bool) -> Vec<&str> {
        let okta = [&self.okta_org, &self.okta_credential, &self.okta_role, &self.okta_scopes];
        let druva = [&self.druva_cloud, &self.druva_credential, &self.druva_okta_api, &self.druva_role];
        let counts = [
            (true, okta.as_slice()),
            (with_link, druva.as_slice()),
            (expect_new, &[&self.integration_absent]),
            (expect_new && with_link, &[&self.link_absent]),
        ];
        let counting = counts.into_iter().filter(|(counts, _)| *counts).flat_map(|(_, checks)| checks);
        let mut problems = Vec::new();
        for problem in counting.filter_map(|check| check.problem()) {
            // One cause may show in several checks.
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
        problems
    }
}

#[async_trait]
impl DataSource for OktaPreflightDataSource {
    type Model = Model;

    fn schema(&self) -> Schema {
        Schema::new(
            "Finds out before the first apply whether the set-up can work: both servers, both credentials, their roles and \
             scopes, and Druva's API for Okta. It only reads. A check that fails is no error. A check that cannot be made is \
             null, never false.",
        )
        .attribute(string("type").optional().describe(format!(
            "The type of integration that is to be installed. Default: `{DRUVA_TYPE}`, which is a guess: Druva has \
             not published it, see `integration_type`. Where it is left out, Druva's integration is also found by \
             its name."
        )))
        .attribute(boolean("expect_new").optional().describe(
            "Whether `integration_absent` and `link_absent` count: `true` before the first apply, where an \
             integration or a link of somebody else would be in the way. Default: `false`, because after the first \
             apply both exist.",
        ))
        .attribute(boolean("with_link").optional().describe(
            "Whether the org is to be linked by Terraform. With `false` the checks of Druva do not count, for an \
             integration that is linked by hand. Default: `true`.",
        ))
        .attribute(check("okta_org", "Whether this machine can connect to the Okta org."))
        .attribute(check("okta_credential", "Whether Okta accepts the credential of the provider block."))
        .attribute(check(
            "okta_role",
            "Whether the owner of that credential is a Super Administrator. A service app can look this up with the \
             scope `okta.roles.read` only.",
        ))
        .attribute(check(
            "okta_scopes",
            "Whether that credential has the scopes that the set-up needs: `okta.oauthIntegrations.manage` and \
             `okta.oauthIntegrations.read`.",
        ))
        .attribute(check(
            "integration_type",
            "Whether Okta knows the type of integration. True where one of the type is installed; otherwise unknown, \
             because only installing it shows that: `detail` says what is a guess. Never false, and does not count.",
        ))
        .attribute(check("druva_cloud", "Whether this machine can connect to the Druva cloud."))
        .attribute(check(
            "druva_credential",
            "Whether the Druva cloud accepts the API credentials of the provider block.",
        ))
        .attribute(check(
            "druva_okta_api",
            "Whether the API for Okta that this provider assumes is there. Druva publishes none.",
        ))
        .attribute(check(
            "druva_role",
            "Whether those API credentials belong to a Druva Cloud Administrator. False where they may not even \
             read, otherwise unknown, because Druva publishes no way to look it up: `detail` says what is needed.",
        ))
        .attribute(check(
            "integration_absent",
            "Whether the org has no integration of this type yet. Counts with `expect_new` only.",
        ))
        .attribute(check("link_absent", "Whether the org is not linked in Druva yet. Counts with `expect_new` only."))
        .attribute(string("org_url").computed().describe("Address of the Okta org that was looked at."))
        .attribute(set("okta_roles", Type::String).computed().describe(
            "The types of the admin roles that the owner of the Okta credential has, such as `SUPER_ADMIN`; null \
             where Okta does not tell.",
        ))
        .attribute(boolean("ready").computed().describe(
            "Whether the set-up can start: no check that counts is false, and none failed because of an outage. A check \
             that is null because Okta or Druva does not tell, such as a role, does not count.",
        ))
        .attribute(list("problems", Type::String).computed().describe(
            "The details of the checks that make `ready` false, with what to do about each.",
        ))
        .block(read_timeout())
    }

    fn validate(&self, config: &Model, diags: &mut Diagnostics) {
        diagnostics::validate_type(diags, &config.kind);
        ReadTimeout::validate(&config.timeouts, diags);
    }

    async fn read(&self, config: Model, diags: &mut Diagnostics) -> Result<Model, Reported> {
        let deadline = ReadTimeout::deadline(&config.timeouts);
        let clients = self.0.until(deadline).for_probe().configured(diags)?;
        let kind = config.kind.as_deref_option();
        let (okta, druva) = tokio::join!(OktaSide::look(&clients, kind), DruvaSide::look(&clients));
        let checks = Checks {
            okta_org: okta.org,
            okta_credential: okta.credential,
            okta_role: okta.role,
            okta_scopes: okta.scopes,
            integration_type: okta.integration_type,
            druva_cloud: druva.cloud,
            druva_credential: druva.credential,
            druva_okta_api: druva.okta_api,
            druva_role: druva.role,
            integration_absent: okta.integration_absent,
            link_absent: druva.link_absent,
        };
        let (with_link, expect_new) =
            (config.with_link != Value::Value(false), config.expect_new == Value::Value(true));
        let problems = checks.problems(with_link, expect_new);
        Ok(Model {
            org_url: clients.org.ready().map_or(Value::Null, |org| Value::Value(org.origin())),
            okta_roles: okta.roles.map_or(Value::Null, texts),
            ready: Value::Value(problems.is_empty()),
            problems: texts(problems),
            checks,
            ..config
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_depends_on_what_is_set_up() {
        let failed = |detail: &str| Check::failed(detail);
        let checks = Checks {
            okta_org: Check::open("org"),
            okta_role: failed("role"),
            okta_scopes: failed("role"),
            okta_credential: Check::unknown("not told"),
            integration_type: failed("type"),
            druva_cloud: failed("cloud"),
            integration_absent: failed("integration"),
            link_absent: failed("link"),
            ..Checks::default()
        };
        for (with_link, expect_new, expected) in [
            (false, false, ["org", "role"].as_slice()),
            (true, false, &["org", "role", "cloud"]),
            (false, true, &["org", "role", "integration"]),
            (true, true, &["org", "role", "cloud", "integration", "link"]),
        ] {
            assert_eq!(checks.problems(with_link, expect_new), expected, "{with_link} {expect_new}");
        }
    }
}
