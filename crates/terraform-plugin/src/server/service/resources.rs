//! What Terraform asks of resources.

use tf_provider::{AttributePath, Diagnostics};

use super::{Service, dynamic, encoded, tf};
use crate::codec::{Encoded, Format};
use crate::diagnostics::Report;
use crate::dyn_resource::{DynResource, Request, stored_json};
use crate::resource::{ImportBy, Moved};
use crate::schema::Attribute;
use crate::server::diagnostic::path_to_proto;
use crate::server::lifecycle::{self, expect};
use crate::server::panics::catch;
use crate::server::problems;

pub(super) async fn validate_resource_config(
    service: &Service,
    request: tf::validate_resource_config::Request,
) -> tf::validate_resource_config::Response {
    let mut diags = Diagnostics::default();
    let config = encoded(request.config);
    if let Ok(resource) = service.registry.resources.find(&request.type_name, &mut diags).map(AsRef::as_ref) {
        if !request.client_capabilities.unwrap_or_default().write_only_attributes_allowed {
            refuse_write_only(&mut diags, resource, &config);
        }
        let answer = catch(async { resource.validate(&config, &mut diags) }).await;
        let _ = expect(&mut diags, "validating the resource's configuration", answer);
    }
    tf::validate_resource_config::Response { diagnostics: service.told(diags) }
}

pub(super) async fn upgrade_resource_state(
    service: &Service,
    request: tf::upgrade_resource_state::Request,
) -> tf::upgrade_resource_state::Response {
    let mut diags = Diagnostics::default();
    let json = zeroize::Zeroizing::new(request.raw_state.map(|state| state.json).unwrap_or_default());
    let mut upgraded = None;
    if json.is_empty() {
        diags.fail_as_listed(problems::state_too_old(), AttributePath::root());
    } else if let Ok(resource) = service.registry.resources.find(&request.type_name, &mut diags).map(AsRef::as_ref) {
        let answer = catch(async { resource.upgrade(request.version, &json, &mut diags) }).await;
        upgraded = expect(&mut diags, "reading the stored state", answer).ok();
    }
    tf::upgrade_resource_state::Response { upgraded_state: upgraded.map(dynamic), diagnostics: service.told(diags) }
}

pub(super) async fn get_resource_identity_schemas(
    service: &Service,
    _: tf::get_resource_identity_schemas::Request,
) -> tf::get_resource_identity_schemas::Response {
    service.registry.identities()
}

/// No identity has a version above 0 yet, so there is nothing to upgrade.
pub(super) async fn upgrade_resource_identity(
    service: &Service,
    request: tf::upgrade_resource_identity::Request,
) -> tf::upgrade_resource_identity::Response {
    let mut diags = Diagnostics::default();
    let stored = request.raw_identity.map(|identity| identity.json).unwrap_or_default();
    let resource = service.registry.resources.find(&request.type_name, &mut diags).map(AsRef::as_ref);
    let stored = Encoded::new(Format::Json, stored);
    let upgraded_identity = resource.ok().and_then(|resource| identity(resource, &stored));
    if upgraded_identity.is_none() && diags.errors.is_empty() {
        diags.fail_as_listed(problems::unreadable_identity(), AttributePath::root());
    }
    tf::upgrade_resource_identity::Response { upgraded_identity, diagnostics: service.told(diags) }
}

pub(super) async fn read_resource(
    service: &Service,
    request: tf::read_resource::Request,
) -> tf::read_resource::Response {
    tracing::debug!(resource_type = request.type_name, "reading");
    let mut diags = Diagnostics::default();
    let (mut state, mut private) = (encoded(request.current_state), request.private);
    let mut new_identity = None;
    if let Ok(resource) = service.registry.resources.find(&request.type_name, &mut diags).map(AsRef::as_ref) {
        (state, private) = lifecycle::read(resource, &mut diags, state, private).await;
        new_identity = identity(resource, &state);
    }
    tf::read_resource::Response {
        new_state: Some(dynamic(state)),
        diagnostics: service.told(diags),
        private,
        deferred: None,
        new_identity,
    }
}

pub(super) async fn plan_resource_change(
    service: &Service,
    request: tf::plan_resource_change::Request,
) -> tf::plan_resource_change::Response {
    tracing::debug!(resource_type = request.type_name, "planning");
    let mut diags = Diagnostics::default();
    let (mut planned, mut planned_identity) = (None, None);
    if let Ok(resource) = service.registry.resources.find(&request.type_name, &mut diags).map(AsRef::as_ref) {
        let change = Request {
            prior: encoded(request.prior_state),
            next: encoded(request.proposed_new_state),
            config: encoded(request.config),
            private: request.prior_private,
        };
        planned = lifecycle::plan_change(resource, &mut diags, &change, &request.planned_private).await.ok();
        // Unknown before a creation; what replaces an object is another one.
        let same = planned.as_ref().filter(|(.., replace)| replace.is_empty());
        planned_identity = same.and_then(|(state, ..)| identity(resource, state));
    }
    let (state, planned_private, replace) = match planned {
        Some((state, private, replace)) => (Some(state), private, replace),
        None => (None, Vec::new(), Vec::new()),
    };
    // `deferred` stays unset whatever the client allows: Terraform allows it in every apply, without the user having
    // asked for it.
    tf::plan_resource_change::Response {
        planned_state: state.map(dynamic),
        requires_replace: replace.into_iter().map(path_to_proto).collect(),
        planned_private,
        diagnostics: service.told(diags),
        deferred: None,
        planned_identity,
    }
}

pub(super) async fn apply_resource_change(
    service: &Service,
    request: tf::apply_resource_change::Request,
) -> tf::apply_resource_change::Response {
    tracing::debug!(resource_type = request.type_name, "applying");
    let _under_way = service.changes.token();
    let mut diags = Diagnostics::default();
    let change = Request {
        prior: encoded(request.prior_state),
        next: encoded(request.planned_state),
        config: encoded(request.config),
        private: request.planned_private,
    };
    let resource = service.registry.resources.find(&request.type_name, &mut diags).map(AsRef::as_ref);
    let (state, private) = match resource {
        Ok(resource) => lifecycle::apply(resource, &mut diags, change).await,
        Err(_) => (change.prior, change.private),
    };
    let new_identity = resource.ok().and_then(|resource| identity(resource, &state));
    tf::apply_resource_change::Response {
        new_state: Some(dynamic(state)),
        private,
        diagnostics: service.told(diags),
        new_identity,
    }
}

pub(super) async fn import_resource_state(
    service: &Service,
    request: tf::import_resource_state::Request,
) -> tf::import_resource_state::Response {
    let tf::import_resource_state::Request { type_name, id, identity: given, .. } = request;
    let mut diags = Diagnostics::default();
    let mut imported = None;
    if let Ok(resource) = service.registry.resources.find(&type_name, &mut diags).map(AsRef::as_ref) {
        let given = given.and_then(|given| given.identity_data);
        let import = async {
            let by = match given {
                Some(given) => ImportBy::Identity(encoded(Some(given)).decode(&mut diags, "identity")?),
                None => ImportBy::Id(id),
            };
            resource.import(by, &mut diags).await
        };
        let answer = catch(import).await;
        let answer = expect(&mut diags, "importing the resource", answer);
        imported = answer.ok().map(|(state, private)| tf::import_resource_state::ImportedResource {
            type_name,
            identity: identity(resource, &state),
            state: Some(dynamic(state)),
            private,
        });
    }
    tf::import_resource_state::Response {
        imported_resources: imported.into_iter().collect(),
        diagnostics: service.told(diags),
        deferred: None,
    }
}

pub(super) async fn move_resource_state(
    service: &Service,
    request: tf::move_resource_state::Request,
) -> tf::move_resource_state::Response {
    let mut diags = Diagnostics::default();
    let (mut target_state, mut target_identity) = (None, None);
    let json = zeroize::Zeroizing::new(request.source_state.map(|state| state.json).unwrap_or_default());
    if let Ok(resource) = service.registry.resources.find(&request.target_type_name, &mut diags).map(AsRef::as_ref) {
        let moved = catch(async {
            let state = stored_json(&json, &mut diags)?;
            let from = Moved { provider: request.source_provider_address, type_name: request.source_type_name, state };
            resource.move_state(&from, &mut diags)
        });
        let moved = moved.await;
        if let Ok(state) = expect(&mut diags, "moving the resource", moved) {
            target_identity = identity(resource, &state);
            target_state = Some(dynamic(state));
        }
    }
    tf::move_resource_state::Response {
        target_state,
        diagnostics: service.told(diags),
        target_private: Vec::new(),
        target_identity,
    }
}

/// Which remote object a state is about, where the state says so.
pub(super) fn identity(resource: &dyn DynResource, state: &Encoded) -> Option<tf::ResourceIdentityData> {
    let identity = state.identity(resource.identity())?;
    Some(tf::ResourceIdentityData { identity_data: Some(dynamic(identity)) })
}

/// An older Terraform knows no write-only attributes: it would store what it was told not to.
fn refuse_write_only(diags: &mut Diagnostics, resource: &dyn DynResource, config: &Encoded) {
    let given = config.given();
    let schema = resource.schema();
    let is_given = |attribute: &&Attribute| attribute.write_only && given.contains(attribute.name);
    for Attribute { name, .. } in schema.block.attributes.iter().filter(is_given) {
        diags.fail(
            problems::no_write_only(),
            format!(
                "{name} is never stored, which needs Terraform 1.11 or OpenTofu 1.11 or newer. Use a newer release, or \
                 one of the resource's other ways to give the value."
            ),
            AttributePath::new(*name),
        );
    }
}
