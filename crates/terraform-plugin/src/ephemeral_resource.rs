//! An ephemeral resource: something that is opened, used within a run, closed, and never stored (Terraform 1.10).

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tf_provider::Diagnostics;

use crate::codec::Encoded;
use crate::diagnostics::{Report, Reported};
use crate::read_only;
use crate::schema::Schema;

/// An ephemeral resource. Terraform may open it in each plan: what is opened must not leave anything behind.
#[async_trait]
pub trait EphemeralResource: Send + Sync + 'static {
    /// The configuration.
    type Config: DeserializeOwned + Send + Sync;
    /// The configuration, and what was opened. It goes to Terraform and nowhere else.
    type Opened: Serialize + Send + Sync;

    /// The schema.
    fn schema(&self) -> Schema;

    /// Checks the configuration, in which values may be unknown. Asks nobody.
    fn validate(&self, config: &Self::Config, diags: &mut Diagnostics) {
        let _ = (config, diags);
    }

    /// Opens it.
    ///
    /// # Errors
    /// Why not.
    async fn open(&self, config: Self::Config, diags: &mut Diagnostics) -> Result<Self::Opened, Reported>;
}

/// An [`EphemeralResource`] without its types. Implemented for all of them.
#[async_trait]
pub(crate) trait DynEphemeralResource: Send + Sync {
    fn schema(&self) -> Schema;
    fn validate(&self, config: &Encoded, diags: &mut Diagnostics) -> Result<(), Reported>;
    async fn open(&self, config: &Encoded, diags: &mut Diagnostics) -> Result<Encoded, Reported>;
}

const CONFIG: &str = "configuration";

#[async_trait]
impl<E: EphemeralResource> DynEphemeralResource for E {
    fn schema(&self) -> Schema {
        EphemeralResource::schema(self)
    }

    fn validate(&self, config: &Encoded, diags: &mut Diagnostics) -> Result<(), Reported> {
        read_only::refuse(&EphemeralResource::schema(self), config, diags);
        EphemeralResource::validate(self, &config.decode(diags, CONFIG)?, diags);
        diags.check()
    }

    async fn open(&self, config: &Encoded, diags: &mut Diagnostics) -> Result<Encoded, Reported> {
        let config = config.decode(diags, CONFIG)?;
        let opened = EphemeralResource::open(self, config, diags).await?;
        Encoded::encode(diags, &opened)
    }
}
