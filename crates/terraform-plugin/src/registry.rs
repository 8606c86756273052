//! What the provider offers, by name, and the schemas of it all.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use tf_provider::{AttributePath, Diagnostics};

use crate::action::{Action, DynAction};
use crate::data_source::{DataSource, DynDataSource};
use crate::diagnostics::{Report, Reported};
use crate::dyn_resource::{DynResource, Registered};
use crate::ephemeral_resource::{DynEphemeralResource, EphemeralResource};
use crate::function::{DynFunction, Function};
use crate::list_resource::{DynListResource, ListResource};
use crate::resource::Resource;
use crate::schema::Schema;
use crate::server::problems;
use crate::server::proto::tfplugin6 as tf;
use crate::server::schema_message as message;

/// Everything that a provider offers, but for the provider block itself. Each has the name by which configurations call it,
/// such as `toy_box`.
pub struct Registry {
    pub(crate) resources: Offered<dyn DynResource>,
    pub(crate) data_sources: Offered<dyn DynDataSource>,
    pub(crate) ephemeral_resources: Offered<dyn DynEphemeralResource>,
    pub(crate) list_resources: Offered<dyn DynListResource>,
    pub(crate) actions: Offered<dyn DynAction>,
    pub(crate) functions: Offered<dyn DynFunction>,
    /// Made when they are asked for, which most runs of the program never are, and once: no schema changes while it runs.
    schemas: OnceLock<tf::get_provider_schema::Response>,
}

impl Default for Registry {
    fn default() -> Self {
        Self {
            resources: Offered::new("resource type"),
            data_sources: Offered::new("data source"),
            ephemeral_resources: Offered::new("ephemeral resource"),
            list_resources: Offered::new("list resource"),
            actions: Offered::new("action"),
            functions: Offered::new("function"),
            schemas: OnceLock::new(),
        }
    }
}

impl Registry {
    /// Adds a resource.
    pub fn resource(&mut self, name: &'static str, resource: impl Resource) {
        self.resources.by_name.insert(name, Arc::new(Registered::new(resource)));
    }

    /// Adds a data source.
    pub fn data_source(&mut self, name: &'static str, data_source: impl DataSource) {
        self.data_sources.by_name.insert(name, Arc::new(data_source));
    }

    /// Adds an ephemeral resource.
    pub fn ephemeral_resource(&mut self, name: &'static str, resource: impl EphemeralResource) {
        self.ephemeral_resources.by_name.insert(name, Arc::new(resource));
    }

    /// Adds a list resource, by the name of its managed resource.
    pub fn list_resource(&mut self, name: &'static str, list_resource: impl ListResource) {
        self.list_resources.by_name.insert(name, Arc::new(list_resource));
    }

    /// Adds an action.
    pub fn action(&mut self, name: &'static str, action: impl Action) {
        self.actions.by_name.insert(name, Arc::new(action));
    }

    /// Adds a function, by its name after `provider::<local name>::`.
    pub fn function(&mut self, name: &'static str, function: impl Function) {
        self.functions.by_name.insert(name, Arc::new(function));
    }

    /// The schemas of it all, and of the provider block, whose schema `provider` gives.
    pub(crate) fn schemas(&self, provider: impl FnOnce() -> Schema) -> tf::get_provider_schema::Response {
        self.schemas.get_or_init(|| self.build_schemas(&provider())).clone()
    }

    fn build_schemas(&self, provider: &Schema) -> tf::get_provider_schema::Response {
        let action = |action: &(dyn DynAction + 'static)| tf::ActionSchema {
            schema: Some(message::of_schema(&action.schema())),
        };
        tf::get_provider_schema::Response {
            provider: Some(message::of_configuration(provider)),
            resource_schemas: self.resources.each(|resource| message::of_schema(resource.schema())),
            data_source_schemas: self.data_sources.each(|data_source| message::of_schema(&data_source.schema())),
            ephemeral_resource_schemas: self.ephemeral_resources.each(|it| message::of_schema(&it.schema())),
            list_resource_schemas: self.list_resources.each(|list| message::of_schema(&list.schema())),
            action_schemas: self.actions.each(action),
            functions: self.functions.each(|function| message::of_signature(&function.signature())),
            diagnostics: Vec::new(),
            server_capabilities: Some(capabilities()),
        }
    }

    /// By resource type. A type without one has no identity.
    pub(crate) fn identities(&self) -> tf::get_resource_identity_schemas::Response {
        let identities = self.resources.by_name.iter().map(|(name, resource)| (name, resource.identity()));
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
            resources: self.resources.names(|type_name| ResourceMetadata { type_name }),
            data_sources: self.data_sources.names(|type_name| DataSourceMetadata { type_name }),
            ephemeral_resources: self.ephemeral_resources.names(|type_name| EphemeralMetadata { type_name }),
            list_resources: self.list_resources.names(|type_name| ListResourceMetadata { type_name }),
            actions: self.actions.names(|type_name| ActionMetadata { type_name }),
            functions: self.functions.names(|name| FunctionMetadata { name }),
        }
    }

    /// Each schema but those of functions, with what it is of.
    pub(crate) fn all_schemas(&self) -> Vec<(String, Schema)> {
        (self.resources.described(|it| it.schema().clone()))
            .chain(self.data_sources.described(|it| it.schema()))
            .chain(self.ephemeral_resources.described(|it| it.schema()))
            .chain(self.list_resources.described(|it| it.schema()))
            .chain(self.actions.described(|it| it.schema()))
            .collect()
    }

    /// What has a model, with its schema and the names of the model's attributes.
    pub(crate) fn models(&self) -> Vec<(String, SchemaAndModel)> {
        let diags = Diagnostics::default;
        (self.resources.described(move |it| (it.schema().clone(), it.attributes_of_model(&mut diags()))))
            .chain(self.data_sources.described(move |it| (it.schema(), it.attributes_of_model(&mut diags()))))
            .collect()
    }

    /// Parts of identities that are no attributes, and list resources without an identity.
    pub(crate) fn mistakes_of_identities(&self) -> Vec<String> {
        let mut mistakes = Vec::new();
        for (name, resource) in &self.resources.by_name {
            let schema = resource.schema();
            for part in resource.identity().iter().filter(|part| schema.block.names().all(|name| name != part.name)) {
                mistakes.push(format!("resource {name}: {} is in the identity, and no attribute", part.name));
            }
        }
        let has_identity = |name| self.resources.by_name.get(name).is_some_and(|it| !it.identity().is_empty());
        for name in self.list_resources.by_name.keys().filter(|name| !has_identity(**name)) {
            mistakes.push(format!("list resource {name}: there is no resource with an identity"));
        }
        mistakes
    }
}

/// A schema, and the names of the attributes that its model has.
type SchemaAndModel = (Schema, Result<BTreeSet<String>, Reported>);

/// What is offered of one kind, by name.
pub(crate) struct Offered<T: ?Sized> {
    what: &'static str,
    /// Shared with what is invoked: it goes on when the connection is gone.
    by_name: BTreeMap<&'static str, Arc<T>>,
}

impl<T: ?Sized> Offered<T> {
    fn new(what: &'static str) -> Self {
        Self { what, by_name: BTreeMap::new() }
    }

    /// The one with a name.
    ///
    /// # Errors
    /// One that there is none.
    pub fn find(&self, name: &str, diags: &mut Diagnostics) -> Result<&Arc<T>, Reported> {
        self.by_name.get(name).ok_or_else(|| {
            let title = problems::not_offered(self.what, name);
            diags.fail(title, "Another version of the provider may have it.", AttributePath::root())
        })
    }

    fn names<M>(&self, to_message: impl Fn(String) -> M) -> Vec<M> {
        self.by_name.keys().map(|name| to_message((*name).to_owned())).collect()
    }

    fn each<M>(&self, to_message: impl Fn(&T) -> M) -> HashMap<String, M> {
        self.by_name.iter().map(|(name, thing)| ((*name).to_owned(), to_message(thing))).collect()
    }

    /// Each, with what it is.
    fn described<'a, U: 'a>(&'a self, describe: impl Fn(&T) -> U + 'a) -> impl Iterator<Item = (String, U)> + 'a {
        self.by_name.iter().map(move |(name, thing)| (format!("{} {name}", self.what), describe(thing)))
    }
}

fn capabilities() -> tf::ServerCapabilities {
    tf::ServerCapabilities { plan_destroy: true, get_provider_schema_optional: true, move_resource_state: true }
}
