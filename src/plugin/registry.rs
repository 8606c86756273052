//! What the provider offers, by name, and the schemas of it all.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use tf_provider::schema::Schema;
use tf_provider::{AttributePath, Diagnostics};

use super::diagnostic::to_proto;
use super::lifecycle::expect;
use super::problems;
use super::proto::tfplugin6 as tf;
use super::schema;
use super::secrets::Secrets;
use crate::framework::{
    DynAction, DynDataSource, DynEphemeralResource, DynFunction, DynListResource, DynProvider, DynResource, Report,
};

/// Everything by name, but for the provider block itself.
pub(super) struct Registry {
    resources: BTreeMap<&'static str, Box<dyn DynResource>>,
    data_sources: BTreeMap<&'static str, Box<dyn DynDataSource>>,
    ephemeral_resources: BTreeMap<&'static str, Box<dyn DynEphemeralResource>>,
    list_resources: BTreeMap<&'static str, Box<dyn DynListResource>>,
    /// Shared with what is invoked: it goes on when the connection is gone.
    actions: BTreeMap<&'static str, Arc<dyn DynAction>>,
    functions: BTreeMap<&'static str, Box<dyn DynFunction>>,
    /// Made when they are asked for, which most runs of the program never are, and once: no schema changes while it runs.
    schemas: OnceLock<tf::get_provider_schema::Response>,
}

impl Registry {
    pub fn of(provider: &dyn DynProvider) -> Self {
        Self {
            resources: provider.resources().into_iter().collect(),
            data_sources: provider.data_sources().into_iter().collect(),
            ephemeral_resources: provider.ephemeral_resources().into_iter().collect(),
            list_resources: provider.list_resources().into_iter().collect(),
            actions: provider.actions().into_iter().collect(),
            functions: provider.functions().into_iter().collect(),
            schemas: OnceLock::new(),
        }
    }

    /// The schemas of it all, and of the provider block.
    pub fn schemas(&self, provider: &dyn DynProvider) -> tf::get_provider_schema::Response {
        self.schemas.get_or_init(|| self.build_schemas(provider)).clone()
    }

    fn build_schemas(&self, provider: &dyn DynProvider) -> tf::get_provider_schema::Response {
        let mut diags = Diagnostics::default();
        let provider_schema = built(provider.schema(&mut diags), &mut diags, |schema| schema::to_proto(schema, &[]));
        let resource_schemas = each(&self.resources, |resource| {
            let to_proto = |schema: &Schema| schema::to_proto(schema, resource.write_only());
            built(resource.schema(&mut diags), &mut diags, to_proto)
        });
        let data_source_schemas = each(&self.data_sources, |data_source| {
            built(data_source.schema(&mut diags), &mut diags, |schema| schema::to_proto(schema, &[]))
        });
        let ephemeral_resource_schemas =
            each(&self.ephemeral_resources, |resource| Some(schema::to_proto(&resource.schema(), &[])));
        let list_resource_schemas = each(&self.list_resources, |list| Some(schema::to_proto(&list.schema(), &[])));
        let action_schemas = each(&self.actions, |action| {
            Some(tf::ActionSchema { schema: Some(schema::to_proto(&action.schema(), action.write_only())) })
        });
        let functions =
            each(&self.functions, |function| built(function.schema(&mut diags), &mut diags, schema::function_to_proto));
        tf::get_provider_schema::Response {
            provider: provider_schema,
            resource_schemas,
            data_source_schemas,
            ephemeral_resource_schemas,
            list_resource_schemas,
            action_schemas,
            functions,
            // They are about schemas as a whole.
            diagnostics: to_proto(diags, &Secrets::default()),
            server_capabilities: Some(capabilities()),
        }
    }

    /// By resource type. A type without one has no identity.
    pub fn identities(&self) -> tf::get_resource_identity_schemas::Response {
        let identity_schemas = each(&self.resources, |resource| {
            let attributes = resource.identity();
            (!attributes.is_empty()).then(|| schema::identity_to_proto(attributes))
        });
        tf::get_resource_identity_schemas::Response { identity_schemas, diagnostics: Vec::new() }
    }

    pub fn names(&self) -> tf::get_metadata::Response {
        use tf::get_metadata::{
            ActionMetadata, DataSourceMetadata, EphemeralMetadata, FunctionMetadata, ListResourceMetadata,
            ResourceMetadata,
        };
        tf::get_metadata::Response {
            server_capabilities: Some(capabilities()),
            diagnostics: Vec::new(),
            resources: names(&self.resources, |type_name| ResourceMetadata { type_name }),
            data_sources: names(&self.data_sources, |type_name| DataSourceMetadata { type_name }),
            ephemeral_resources: names(&self.ephemeral_resources, |type_name| EphemeralMetadata { type_name }),
            list_resources: names(&self.list_resources, |type_name| ListResourceMetadata { type_name }),
            actions: names(&self.actions, |type_name| ActionMetadata { type_name }),
            functions: names(&self.functions, |name| FunctionMetadata { name }),
        }
    }

    pub fn resource(&self, diags: &mut Diagnostics, name: &str) -> Option<&dyn DynResource> {
        let found = self.resources.get(name).map(AsRef::as_ref);
        found.or_else(|| missing(diags, "resource type", name))
    }

    pub fn data_source(&self, diags: &mut Diagnostics, name: &str) -> Option<&dyn DynDataSource> {
        let found = self.data_sources.get(name).map(AsRef::as_ref);
        found.or_else(|| missing(diags, "data source", name))
    }

    pub fn ephemeral_resource(&self, diags: &mut Diagnostics, name: &str) -> Option<&dyn DynEphemeralResource> {
        let found = self.ephemeral_resources.get(name).map(AsRef::as_ref);
        found.or_else(|| missing(diags, "ephemeral resource", name))
    }

    pub fn list_resource(&self, diags: &mut Diagnostics, name: &str) -> Option<&dyn DynListResource> {
        let found = self.list_resources.get(name).map(AsRef::as_ref);
        found.or_else(|| missing(diags, "list resource", name))
    }

    pub fn action(&self, diags: &mut Diagnostics, name: &str) -> Option<&Arc<dyn DynAction>> {
        self.actions.get(name).or_else(|| missing(diags, "action", name))
    }

    pub fn function(&self, diags: &mut Diagnostics, name: &str) -> Option<&dyn DynFunction> {
        let found = self.functions.get(name).map(AsRef::as_ref);
        found.or_else(|| missing(diags, "function", name))
    }
}

fn capabilities() -> tf::ServerCapabilities {
    tf::ServerCapabilities { plan_destroy: true, get_provider_schema_optional: true, move_resource_state: true }
}

fn names<T, N>(things: &BTreeMap<&'static str, T>, to_proto: impl Fn(String) -> N) -> Vec<N> {
    things.keys().map(|name| to_proto((*name).to_owned())).collect()
}

/// The protocol's form of each thing that has one.
fn each<T, P>(
    things: &BTreeMap<&'static str, T>,
    mut to_proto: impl FnMut(&T) -> Option<P>,
) -> std::collections::HashMap<String, P> {
    things.iter().filter_map(|(name, thing)| Some(((*name).to_owned(), to_proto(thing)?))).collect()
}

/// A schema in the protocol's form; one that is missing without a word is an error.
fn built<S, P>(schema: Option<S>, diags: &mut Diagnostics, to_proto: impl FnOnce(&S) -> P) -> Option<P> {
    expect(diags, "building the schema", Ok(schema)).as_ref().map(to_proto)
}

fn missing<T>(diags: &mut Diagnostics, what: &str, name: &str) -> Option<T> {
    diags.fail(
        problems::not_offered(what, name),
        "Another version of the provider may have it.",
        AttributePath::root(),
    );
    None
}
