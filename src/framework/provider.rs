//! The provider, typed for who writes it and without types for who serves it.

use std::sync::Arc;

use async_trait::async_trait;
use tf_provider::Diagnostics;
use tf_provider::schema::Schema;

use super::{DynAction, DynDataSource, DynEphemeralResource, DynFunction, DynListResource, DynResource, Encoded};

/// What this program serves: `tf-provider`'s provider block, and our own lists of what the provider offers.
///
/// `tf-provider`'s own lists (`get_resources` and so on) and its provider metadata are not served.
pub trait Provider: tf_provider::Provider {
    /// The resources, each with its type name as the configuration spells it (`druva_okta_integration`).
    fn resources(&self) -> Vec<(&'static str, Box<dyn DynResource>)>;

    /// The data sources, each with its type name.
    fn data_sources(&self) -> Vec<(&'static str, Box<dyn DynDataSource>)> {
        Vec::new()
    }

    /// The ephemeral resources, each with its type name.
    fn ephemeral_resources(&self) -> Vec<(&'static str, Box<dyn DynEphemeralResource>)> {
        Vec::new()
    }

    /// The list resources, each with the type name of its managed resource.
    fn list_resources(&self) -> Vec<(&'static str, Box<dyn DynListResource>)> {
        Vec::new()
    }

    /// The actions, each with its type name.
    fn actions(&self) -> Vec<(&'static str, Arc<dyn DynAction>)> {
        Vec::new()
    }

    /// The functions, each with its name after `provider::<local name>::`.
    fn functions(&self) -> Vec<(&'static str, Box<dyn DynFunction>)> {
        Vec::new()
    }
}

/// A [`Provider`] without its types: encoded values in. Implemented for all of them.
#[async_trait]
pub trait DynProvider: Send + Sync + 'static {
    /// The schema of the provider block.
    fn schema(&self, diags: &mut Diagnostics) -> Option<Schema>;

    /// [`tf_provider::Provider::validate`].
    async fn validate(&self, diags: &mut Diagnostics, config: &Encoded) -> Option<()>;

    /// [`tf_provider::Provider::configure`]. Terraform calls it at plan, perhaps with unknown values, and again at apply.
    async fn configure(&self, diags: &mut Diagnostics, terraform_version: String, config: &Encoded) -> Option<()>;

    /// [`Provider::resources`].
    fn resources(&self) -> Vec<(&'static str, Box<dyn DynResource>)>;

    /// [`Provider::data_sources`].
    fn data_sources(&self) -> Vec<(&'static str, Box<dyn DynDataSource>)>;

    /// [`Provider::ephemeral_resources`].
    fn ephemeral_resources(&self) -> Vec<(&'static str, Box<dyn DynEphemeralResource>)>;

    /// [`Provider::list_resources`].
    fn list_resources(&self) -> Vec<(&'static str, Box<dyn DynListResource>)>;

    /// [`Provider::actions`].
    fn actions(&self) -> Vec<(&'static str, Arc<dyn DynAction>)>;

    /// [`Provider::functions`].
    fn functions(&self) -> Vec<(&'static str, Box<dyn DynFunction>)>;
}

const CONFIG: &str = "provider configuration";

#[async_trait]
impl<P: Provider> DynProvider for P {
    fn schema(&self, diags: &mut Diagnostics) -> Option<Schema> {
        tf_provider::Provider::schema(self, diags)
    }

    async fn validate(&self, diags: &mut Diagnostics, config: &Encoded) -> Option<()> {
        let config = config.decode(diags, CONFIG)?;
        tf_provider::Provider::validate(self, diags, config).await
    }

    async fn configure(&self, diags: &mut Diagnostics, terraform_version: String, config: &Encoded) -> Option<()> {
        let config = config.decode(diags, CONFIG)?;
        tf_provider::Provider::configure(self, diags, terraform_version, config).await
    }

    fn resources(&self) -> Vec<(&'static str, Box<dyn DynResource>)> {
        Provider::resources(self)
    }

    fn data_sources(&self) -> Vec<(&'static str, Box<dyn DynDataSource>)> {
        Provider::data_sources(self)
    }

    fn ephemeral_resources(&self) -> Vec<(&'static str, Box<dyn DynEphemeralResource>)> {
        Provider::ephemeral_resources(self)
    }

    fn list_resources(&self) -> Vec<(&'static str, Box<dyn DynListResource>)> {
        Provider::list_resources(self)
    }

    fn actions(&self) -> Vec<(&'static str, Arc<dyn DynAction>)> {
        Provider::actions(self)
    }

    fn functions(&self) -> Vec<(&'static str, Box<dyn DynFunction>)> {
        Provider::functions(self)
    }
}
