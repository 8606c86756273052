//! From the clients' errors to what the user reads: what failed, in the server's words, and what to do next.
//!
//! This is the one place where that is decided. A title says what could not be done; the detail starts with the answer
//! and ends with a step that the reader can take: the advice of the first rule that applies. The troubleshooting guide
//! lists the same rules.

mod advice;
mod druva_answers;
mod druva_operation;
mod no_answer;
mod okta_answers;
mod okta_operation;
pub(crate) mod problems;
mod retirement;
#[cfg(test)]
mod tests;

use terraform_plugin::{Report, Reported};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

pub use self::advice::{AdviceRow, in_one_line};
pub use self::druva_operation::{DruvaOperation, LinkName};
pub use self::okta_operation::OktaOperation;
pub use self::retirement::Retirement;
use crate::domain::OktaDomain;
use crate::druva::okta_links::Link;
use crate::okta::api_services::{self, Instance};
use crate::redaction::looks_like_an_id;
use crate::{druva, okta};

/// What goes with a command that a message prints.
pub const ADDRESS_IS_ABOVE: &str = "ADDRESS is the address of the resource. It stands above, after \"with\".";

/// Reports that `operation` failed because of Okta: on `attribute`, unless Okta tells which argument it refuses.
pub fn okta(
    diags: &mut Diagnostics,
    operation: OktaOperation<'_>,
    error: &okta::Error,
    attribute: AttributePath,
) -> Reported {
    let attribute = okta_answers::argument(&operation, error).map_or(attribute, AttributePath::new);
    diags.fail(problems::cannot(operation), explain_okta(operation, error), attribute)
}

/// What Okta said, and what to do next.
pub fn explain_okta(operation: OktaOperation<'_>, error: &okta::Error) -> String {
    let said = match error {
        okta::Error::Api(_) | okta::Error::Challenge { .. } | okta::Error::Unexpected { .. } => {
            sentence(&format!("Okta answered: {error}"))
        }
        okta::Error::Token { .. } => sentence(&format!("Okta's token endpoint refused: {error}")),
        _ => sentence(&error.to_string()),
    };
    let undone = operation.undone().filter(|_| !error.may_have_acted());
    join(said, undone, okta_answers::advice(&operation, error))
}

/// Whether Okta refuses to install an integration because of its scopes.
pub fn refuses_scopes(error: &okta::Error) -> bool {
    okta_answers::refuses(error, "scope")
}

/// Reports that `operation` failed because of Druva.
pub fn druva(
    diags: &mut Diagnostics,
    operation: DruvaOperation<'_>,
    error: &druva::Error,
    attribute: AttributePath,
) -> Reported {
    diags.fail(problems::cannot(operation), explain_druva(operation, error), attribute)
}

/// What Druva said, and what to do next.
pub fn explain_druva(operation: DruvaOperation<'_>, error: &druva::Error) -> String {
    let said = match error {
        druva::Error::Api(_) | druva::Error::Unexpected { .. } => sentence(&format!("Druva answered: {error}")),
        druva::Error::Token(_) => sentence(&format!("Druva's token endpoint answered: {error}")),
        _ => sentence(&error.to_string()),
    };
    join(said, operation.undone(), druva_answers::advice(&operation, error))
}

/// The Okta org that the argument `okta_domain` names.
///
/// # Errors
/// One on that argument, if it names none.
pub fn parse_domain(diags: &mut Diagnostics, okta_domain: &str) -> Result<OktaDomain, Reported> {
    OktaDomain::parse(okta_domain).map_err(|error| {
        diags.fail(
            problems::invalid_domain(),
            format!("okta_domain {error}. It is the address of the org, as in \"https://example.okta.com\"."),
            AttributePath::new("okta_domain"),
        )
    })
}

/// Checks the argument `type`, where it is known.
pub fn validate_type(diags: &mut Diagnostics, kind: &Value<String>) {
    if let Value::Value(kind) = kind
        && !api_services::is_type(kind)
    {
        diags.fail(
            problems::invalid_type(),
            format!(
                "type is \"{kind}\". It must be the key of the integration in Okta's catalog: a text without blanks. The \
                 data source druva_okta_integrations shows the key of an installed one."
            ),
            AttributePath::new("type"),
        );
    }
}

/// Checks what is said to be the id of an integration.
///
/// # Errors
/// One on `attribute`, if it cannot be one.
pub fn expect_integration_id(diags: &mut Diagnostics, id: &str, attribute: AttributePath) -> Result<(), Reported> {
    if looks_like_an_id(id) {
        return Ok(());
    }
    Err(diags.fail_as_listed(problems::not_an_id(), attribute))
}

/// Checks what is said to be the id of a link.
///
/// # Errors
/// One on `attribute`, if it cannot be one.
pub fn expect_link_id(diags: &mut Diagnostics, id: &str, attribute: AttributePath) -> Result<(), Reported> {
    if looks_like_an_id(id) {
        return Ok(());
    }
    Err(diags.fail_as_listed(problems::not_a_link_id(), attribute))
}

/// The integration with this id. `attribute` is the one that gives it.
///
/// # Errors
/// One that there is none, or that Okta does not tell.
pub async fn find_integration(
    diags: &mut Diagnostics,
    okta: &okta::Client,
    id: &str,
    attribute: AttributePath,
) -> Result<Instance, Reported> {
    okta.find_instance(id).await.map_err(|error| {
        if !error.is_not_found() {
            return self::okta(diags, OktaOperation::ReadIntegration(id), &error, attribute);
        }
        diags.fail(
            problems::no_such_integration(),
            format!(
                "The org {} has no API service integration with the id {id}. The data source druva_okta_integrations \
                lists those that it has.",
                okta.domain()
            ),
            attribute,
        )
    })
}

/// Reports that the Druva account behind `druva` has no such link.
pub async fn no_such_link(
    diags: &mut Diagnostics,
    druva: &druva::Client,
    what: &str,
    attribute: AttributePath,
) -> Reported {
    let cloud = druva.api_url().origin().ascii_serialization();
    let others = druva.list_links().await.map(|links| there_are(&links)).unwrap_or_default();
    diags.fail(
        problems::no_such_link(),
        format!(
            "The Druva account behind {cloud} does not have {what}.{others}\n\nIf the org may be unlinked, use the data \
             source druva_okta_links: it gives an empty list then."
        ),
        attribute,
    )
}

/// Which links there are, as far as a message has place.
fn there_are(links: &[Link]) -> String {
    const MOST: usize = 10;
    if links.is_empty() {
        return " It has no links.".to_owned();
    }
    let line = |link: &Link| format!("\n  - {} ({})", link.okta_domain, link.id);
    let lines: String = links.iter().take(MOST).map(line).collect();
    let more = links.len().saturating_sub(MOST);
    let more = if more == 0 { String::new() } else { format!("\n  and {more} more") };
    format!(" It has links for:{lines}{more}")
}

/// Reports that a client secret could not be verified at the org `host`. `attribute` is the one that gives the secret.
pub fn unverified_secret(
    diags: &mut Diagnostics,
    error: &okta::Error,
    client_id: &str,
    host: &str,
    attribute: AttributePath,
) -> Reported {
    match error {
        okta::Error::Token { error: code, .. } if code == "invalid_client" => {
            let said = format!("Okta's token endpoint at {host} refused client {client_id} with this secret: {error}");
            let detail = format!(
                "{} The secret is wrong or inactive, somebody deleted the integration, or it belongs to another org. \
                 Nothing was changed in Druva.",
                sentence(&said)
            );
            diags.fail(problems::secret_refused(), detail, attribute)
        }
        okta::Error::Token { error: code, .. } if code == "invalid_scope" => {
            let said = format!(
                "Okta's token endpoint at {host} accepted the secret but not a scope that the integration was granted: \
                 {error}"
            );
            let detail = format!(
                "{} Check the integration's granted scopes in Okta. Nothing was changed in Druva.",
                sentence(&said)
            );
            diags.fail(problems::secret_refused(), detail, attribute)
        }
        _ => {
            let advice = okta_answers::advice(&OktaOperation::VerifySecret, error);
            let detail = join(sentence(&error.to_string()), Some("Nothing was changed in Druva."), advice);
            diags.fail(problems::secret_not_verified(), detail, AttributePath::new("okta_domain"))
        }
    }
}

/// What Okta may answer, for the guide.
pub(crate) fn answers_of_okta() -> Vec<AdviceRow> {
    okta_answers::listed()
}

/// What Druva may answer, for the guide.
pub(crate) fn answers_of_druva() -> Vec<AdviceRow> {
    druva_answers::listed()
}

/// Why there may be no answer at all, for the guide.
pub(crate) fn lack_of_answers() -> Vec<AdviceRow> {
    no_answer::listed()
}

/// What was said, what was not done then, and in a paragraph of its own what to do.
fn join(said: String, undone: Option<&str>, advice: Option<String>) -> String {
    let said = undone.map_or(said.clone(), |undone| format!("{said} {undone}"));
    match advice {
        Some(advice) => format!("{said}\n\n{advice}"),
        None => said,
    }
}

/// The same text with an upper-case initial and a full stop.
pub fn sentence(text: &str) -> String {
    let mut characters = text.trim_end_matches('.').chars();
    let Some(first) = characters.next() else { return String::new() };
    first.to_uppercase().chain(characters).chain(['.']).collect()
}
