//! The configurations that are applied: the README's, and the guide's that writes no secret down.

use serde_json::{Map, Value as Json, json};
use testkit::sandbox::TYPE;

use crate::schema::Schema;
use crate::value::{Object, object_from_json};

/// A resource's name in the harness, and its place in the order of dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resource {
    /// The integration beside which another one was installed: it goes when the link has moved.
    Deposed,
    Integration,
    Link,
}

impl Resource {
    /// Those that are configured, in the order in which they are created.
    pub const ALL: [Self; 2] = [Self::Integration, Self::Link];

    /// What Terraform calls it.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::Deposed | Self::Integration => "druva_okta_integration",
            Self::Link => "druva_okta_link",
        }
    }
}

/// Both resources. What the link refers to is the integration's.
#[derive(Clone)]
pub struct Configuration {
    integration: Map<String, Json>,
    link: Map<String, Json>,
    /// Arguments of the link, each with the attribute of the integration that it refers to.
    references: Vec<(&'static str, &'static str)>,
}

impl Configuration {
    /// The secret travels through the state: `client_secret = druva_okta_integration.this.client_secret`.
    pub fn stored() -> Self {
        let references =
            vec![("okta_domain", "org_url"), ("client_id", "client_id"), ("client_secret", "client_secret")];
        Self::of(references)
    }

    fn of(references: Vec<(&'static str, &'static str)>) -> Self {
        Self { integration: Map::new(), link: Map::new(), references }
            .with(Resource::Integration, "type", json!(TYPE))
            .with(Resource::Link, "cloud_key_management_enabled", json!(true))
    }

    /// An integration that somebody installed by hand is taken over, whatever its type is.
    pub fn adopting() -> Self {
        let mut this = Self::stored().with(Resource::Integration, "adopt_existing", json!(true));
        this.integration.remove("type");
        this
    }

    /// Another integration is installed before the old one goes.
    pub fn creating_first() -> Self {
        Self::stored().with(Resource::Integration, "allow_second_installation", json!(true))
    }

    /// The link mints the secret, and nobody keeps it.
    pub fn minted() -> Self {
        let references = vec![("okta_domain", "org_url"), ("client_id", "client_id")];
        Self::of(references).with(Resource::Integration, "store_client_secret", json!(false)).with(
            Resource::Link,
            "mint_client_secret",
            json!(true),
        )
    }

    /// The same with one more argument.
    pub fn with(mut self, resource: Resource, argument: &str, value: Json) -> Self {
        let arguments = match resource {
            Resource::Deposed | Resource::Integration => &mut self.integration,
            Resource::Link => &mut self.link,
        };
        arguments.insert(argument.to_owned(), value);
        self
    }

    /// Whether the lifecycle of the integration has `create_before_destroy`.
    pub fn creates_first(&self) -> bool {
        self.integration.get("allow_second_installation") == Some(&json!(true))
    }

    /// Whether an integration that exists is taken over.
    pub fn adopts(&self) -> bool {
        self.integration.get("adopt_existing") == Some(&json!(true))
    }

    /// Whether the integration keeps its secret, so that it may be rotated there.
    pub fn stores_secret(&self) -> bool {
        self.integration.get("store_client_secret") != Some(&json!(false))
    }

    /// What is configured for a resource, with the integration as it is known now.
    pub fn evaluate(&self, resource: Resource, schema: &Schema, integration: &Object) -> Object {
        let (arguments, references) = match resource {
            Resource::Deposed | Resource::Integration => (&self.integration, &[][..]),
            Resource::Link => (&self.link, &self.references[..]),
        };
        let mut object = object_from_json(&Json::Object(arguments.clone()));
        for (argument, attribute) in references {
            object.insert((*argument).to_owned(), integration[*attribute].clone());
        }
        schema.complete(object)
    }
}
