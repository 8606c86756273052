//! An ephemeral resource: something that is opened, used within a run, closed, and never stored (Terraform 1.10).

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tf_provider::Diagnostics;
use tf_provider::schema::Schema;

use super::{Encoded, read_only};

/// What `tf-provider` has no trait for. Terraform may open it in each plan: what is opened must not leave anything behind.
#[async_trait]
pub trait EphemeralResource: Send + Sync {
    /// The configuration.
    type Config: DeserializeOwned + Send;
    /// The configuration, and what was opened. It goes to Terraform and nowhere else.
    type Opened: Serialize + Send;

    /// The schema.
    fn schema(&self) -> Schema;

    /// Checks the configuration; errors go to `diags`.
    async fn validate(&self, diags: &mut Diagnostics, config: Self::Config) -> Option<()>;

    /// Opens it, or says why not.
    async fn open(&self, diags: &mut Diagnostics, config: Self::Config) -> Option<Self::Opened>;
}

/// An [`EphemeralResource`] without its types: encoded values in and out. Implemented for all of them.
#[async_trait]
pub trait DynEphemeralResource: Send + Sync {
    /// The schema.
    fn schema(&self) -> Schema;

    /// [`EphemeralResource::validate`].
    async fn validate(&self, diags: &mut Diagnostics, config: &Encoded) -> Option<()>;

    /// [`EphemeralResource::open`].
    async fn open(&self, diags: &mut Diagnostics, config: &Encoded) -> Option<Encoded>;
}

const CONFIG: &str = "configuration";

#[async_trait]
impl<E: EphemeralResource> DynEphemeralResource for E {
    fn schema(&self) -> Schema {
        EphemeralResource::schema(self)
    }

    async fn validate(&self, diags: &mut Diagnostics, config: &Encoded) -> Option<()> {
        read_only::refuse(&EphemeralResource::schema(self), config, diags);
        let config = config.decode(diags, CONFIG)?;
        EphemeralResource::validate(self, diags, config).await
    }

    async fn open(&self, diags: &mut Diagnostics, config: &Encoded) -> Option<Encoded> {
        let config = config.decode(diags, CONFIG)?;
        let opened = EphemeralResource::open(self, diags, config).await?;
        Encoded::encode(diags, &opened)
    }
}
