//! The provider itself: for who writes one, a trait of its types; for the server, the same without types.

use async_trait::async_trait;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tf_provider::Diagnostics;

use crate::codec::Encoded;
use crate::diagnostics::{Report, Reported};
use crate::registry::Registry;
use crate::schema::Schema;

/// A provider block without arguments.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct NoConfig {}

/// A provider: its block in the configuration, and what it offers.
#[async_trait]
pub trait Provider: Send + Sync + 'static {
    /// The provider block.
    type Config: DeserializeOwned + Send + Sync;

    /// The schema of the provider block. Its defaults are for the user to read: Terraform lets nobody fill them in.
    fn schema(&self) -> Schema {
        Schema::new("")
    }

    /// Checks the provider block, in which values may be unknown. Asks nobody.
    fn validate(&self, config: &Self::Config, diags: &mut Diagnostics) {
        let _ = (config, diags);
    }

    /// Takes the provider block. Terraform calls it at plan, perhaps with unknown values, and again at apply.
    ///
    /// # Errors
    /// Why nothing can be done with it.
    async fn configure(&self, config: Self::Config, diags: &mut Diagnostics) -> Result<(), Reported> {
        let _ = (config, diags);
        Ok(())
    }

    /// Lists what the provider offers.
    fn register(&self, registry: &mut Registry);
}

/// A [`Provider`] without its types. Implemented for all of them.
#[async_trait]
pub(crate) trait DynProvider: Send + Sync {
    fn schema(&self) -> Schema;
    fn validate(&self, config: &Encoded, diags: &mut Diagnostics) -> Result<(), Reported>;
    async fn configure(&self, config: &Encoded, diags: &mut Diagnostics) -> Result<(), Reported>;
}

const CONFIG: &str = "provider configuration";

#[async_trait]
impl<P: Provider> DynProvider for P {
    fn schema(&self) -> Schema {
        Provider::schema(self)
    }

    fn validate(&self, config: &Encoded, diags: &mut Diagnostics) -> Result<(), Reported> {
        Provider::validate(self, &config.decode(diags, CONFIG)?, diags);
        diags.check()
    }

    async fn configure(&self, config: &Encoded, diags: &mut Diagnostics) -> Result<(), Reported> {
        let config = config.decode(diags, CONFIG)?;
        Provider::configure(self, config, diags).await
    }
}
