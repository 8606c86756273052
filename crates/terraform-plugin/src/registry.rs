//! What the provider offers, by name, and the schemas of it all.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use tf_provider::{AttributePath, Diagnostics};

use crate::action::{Action, DynAction};
use crate::data_source::{DataSource, DynDataSource};
use crate::diagnostics::{Report, Reported};
use crate::ephemeral_resource::{DynEphemeralResource, EphemeralResource};
use crate::function::{DynFunction, Function};
use crate::list_resource::{DynListResource, ListResource};
use crate::resource::{DynResource, Resource};
use crate::schema::Schema;
use crate::server::problems;
use crate::server::proto::tfplugin6 as tf;
use crate::server::schema_message as message;

/// Everything that a provider offers, but for the provider block itself. Each has the name by which configurations call it,
/// such as `toy_box`.
#[derive(Default)]
pub struct Registry {
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
    /// Adds a resource.
    pub fn resource(&mut self, name: &'static str, resource: impl Resource) {
        self.resources.insert(name, Box::new(resource));
    }

    /// Adds a data source.
    pub fn data_source(&mut self, name: &'static str, data_source: impl DataSource) {
        self.data_sources.insert(name, Box::new(data_source));
    }

    /// Adds an ephemeral resource.
    pub fn ephemeral_resource(&mut self, name: &'static str, resource: impl EphemeralResource) {
        self.ephemeral_resources.insert(name, Box::new(resource));
    }

    /// Adds a list resource, by the name of its managed resource.
    pub fn list_resource(&mut self, name: &'static str, list_resource: impl ListResource) {
        self.list_resources.insert(name, Box::new(list_resource));
    }

    /// Adds an action.
    pub fn action(&mut self, name: &'static str, action: impl Action) {
        self.actions.insert(name, Arc::new(action));
    }

    /// Adds a function, by its name after `provider::<local name>::`.
    pub fn function(&mut self, name: &'static str, function: impl Function) {
        self.functions.insert(name, Box::new(function));
    }

    /// The schemas of it all, and of the provider block, whose schema `provider` gives.
    pub(crate) fn schemas(&self, provider: impl FnOnce() -> Schema) -> tf::get_provider_schema::Response {
        self.schemas.get_or_init(|| self.build_schemas(&provider())).clone()
    }

    fn build_schemas(&self, provider: &Schema) -> tf::get_provider_schema::Response {
        let action =
            |action: &Arc<dyn DynAction>| tf::ActionSchema { schema: Some(message::of_schema(&action.schema())) };
        tf::get_provider_schema::Response {
            provider: Some(message::of_configuration(provider)),
            resource_schemas: each(&self.resources, |resource| message::of_schema(&resource.schema())),
            data_source_schemas: each(&self.data_sources, |data_source| message::of_schema(&data_source.schema())),
            ephemeral_resource_schemas: each(&self.ephemeral_resources, |it| message::of_schema(&it.schema())),
            list_resource_schemas: each(&self.list_resources, |list| message::of_schema(&list.schema())),
            action_schemas: each(&self.actions, action),
            functions: each(&self.functions, |function| message::of_signature(&function.signature())),
            diagnostics: Vec::new(),
            server_capabilities: Some(capabilities()),
        }
    }

    /// By resource type. A type without one has no identity.
    pub(crate) fn identities(&self) -> tf::get_resource_identity_schemas::Response {
        let identities = self.resources.iter().map(|(name, resource)| (name, resource.identity()));
        let identity_schemas = identities
            .filter(|(_, attributes)| !attributes.is_empty())
            .map(|(name, attributes)| ((*name).to_owned(), message::of_identity(attributes)))
            .collect();
        tf::get_resource_identity_schemas::Response { identity_schemas, diagnostics: Vec::new() }
    }

    pub(crate) fn names(&self) -> tf::get_metadata::Response {
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

    /// Each schema but those of functions, with what it is of.
    pub(crate) fn all_schemas(&self) -> Vec<(String, Schema)> {
        let named = |what: &str, name: &str, schema| (format!("{what} {name}"), schema);
        (self.resources.iter().map(|(name, it)| named("resource", name, it.schema())))
            .chain(self.data_sources.iter().map(|(name, it)| named("data source", name, it.schema())))
            .chain(self.ephemeral_resources.iter().map(|(name, it)| named("ephemeral resource", name, it.schema())))
            .chain(self.list_resources.iter().map(|(name, it)| named("list resource", name, it.schema())))
            .chain(self.actions.iter().map(|(name, it)| named("action", name, it.schema())))
            .collect()
    }

    /// What has a model, its schema, and the names of the model's attributes.
    pub(crate) fn models(&self) -> Vec<(String, Schema, Result<BTreeSet<String>, Reported>)> {
        let diags = &mut Diagnostics::default();
        let mut models = Vec::new();
        for (name, it) in &self.resources {
            models.push((format!("resource {name}"), it.schema(), it.attributes_of_model(diags)));
        }
        for (name, it) in &self.data_sources {
            models.push((format!("data source {name}"), it.schema(), it.attributes_of_model(diags)));
        }
        models
    }

    /// Parts of identities that are no attributes, and list resources without an identity.
    pub(crate) fn mistakes_of_identities(&self) -> Vec<String> {
        let mut mistakes = Vec::new();
        for (name, resource) in &self.resources {
            let schema = resource.schema();
            for part in resource.identity().iter().filter(|part| schema.block.names().all(|name| name != part.name)) {
                mistakes.push(format!("resource {name}: {} is in the identity, and no attribute", part.name));
            }
        }
        let has_identity = |name| self.resources.get(name).is_some_and(|it| !it.identity().is_empty());
        for name in self.list_resources.keys().filter(|name| !has_identity(**name)) {
            mistakes.push(format!("list resource {name}: there is no resource with an identity"));
        }
        mistakes
    }

    pub(crate) fn find_resource(&self, name: &str, diags: &mut Diagnostics) -> Result<&dyn DynResource, Reported> {
        find(&self.resources, "resource type", name, diags).map(AsRef::as_ref)
    }

    pub(crate) fn find_data_source(&self, name: &str, diags: &mut Diagnostics) -> Result<&dyn DynDataSource, Reported> {
        find(&self.data_sources, "data source", name, diags).map(AsRef::as_ref)
    }

    pub(crate) fn find_ephemeral_resource(
        &self,
        name: &str,
        diags: &mut Diagnostics,
    ) -> Result<&dyn DynEphemeralResource, Reported> {
        find(&self.ephemeral_resources, "ephemeral resource", name, diags).map(AsRef::as_ref)
    }

    pub(crate) fn find_list_resource(
        &self,
        name: &str,
        diags: &mut Diagnostics,
    ) -> Result<&dyn DynListResource, Reported> {
        find(&self.list_resources, "list resource", name, diags).map(AsRef::as_ref)
    }

    pub(crate) fn find_action(&self, name: &str, diags: &mut Diagnostics) -> Result<&Arc<dyn DynAction>, Reported> {
        find(&self.actions, "action", name, diags)
    }

    pub(crate) fn find_function(&self, name: &str, diags: &mut Diagnostics) -> Result<&dyn DynFunction, Reported> {
        find(&self.functions, "function", name, diags).map(AsRef::as_ref)
    }
}

fn capabilities() -> tf::ServerCapabilities {
    tf::ServerCapabilities { plan_destroy: true, get_provider_schema_optional: true, move_resource_state: true }
}

fn names<T, N>(things: &BTreeMap<&'static str, T>, to_message: impl Fn(String) -> N) -> Vec<N> {
    things.keys().map(|name| to_message((*name).to_owned())).collect()
}

fn each<T, M>(things: &BTreeMap<&'static str, T>, to_message: impl Fn(&T) -> M) -> HashMap<String, M> {
    things.iter().map(|(name, thing)| ((*name).to_owned(), to_message(thing))).collect()
}

fn find<'a, T>(
    things: &'a BTreeMap<&'static str, T>,
    what: &str,
    name: &str,
    diags: &mut Diagnostics,
) -> Result<&'a T, Reported> {
    things.get(name).ok_or_else(|| {
        let title = problems::not_offered(what, name);
        diags.fail(title, "Another version of the provider may have it.", AttributePath::root())
    })
}
