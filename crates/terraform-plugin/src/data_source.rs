//! A data source: for who writes one, a trait of its types; for the server, the same without types.

use std::collections::BTreeSet;

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tf_provider::Diagnostics;

use crate::codec::Encoded;
use crate::diagnostics::{Report, Reported};
use crate::schema::Schema;
use crate::{plan, read_only};

/// A data source: what Terraform looks up.
#[async_trait]
pub trait DataSource: Send + Sync + 'static {
    /// The configuration, and what was found.
    type Model: Serialize + DeserializeOwned + Send + Sync;

    /// The schema.
    fn schema(&self) -> Schema;

    /// Checks the configuration, in which values may be unknown. Asks nobody.
    fn validate(&self, config: &Self::Model, diags: &mut Diagnostics) {
        let _ = (config, diags);
    }

    /// Looks it up. Defaults of the schema are filled in.
    ///
    /// # Errors
    /// Why it was not found.
    async fn read(&self, config: Self::Model, diags: &mut Diagnostics) -> Result<Self::Model, Reported>;
}

/// A [`DataSource`] without its types. Implemented for all of them.
#[async_trait]
pub(crate) trait DynDataSource: Send + Sync {
    fn schema(&self) -> Schema;
    fn validate(&self, config: &Encoded, diags: &mut Diagnostics) -> Result<(), Reported>;
    async fn read(&self, config: Encoded, diags: &mut Diagnostics) -> Result<Encoded, Reported>;
    /// The names of the attributes that the model has.
    fn attributes_of_model(&self, diags: &mut Diagnostics) -> Result<BTreeSet<String>, Reported>;
}

const CONFIG: &str = "configuration";

#[async_trait]
impl<D: DataSource> DynDataSource for D {
    fn schema(&self) -> Schema {
        DataSource::schema(self)
    }

    fn validate(&self, config: &Encoded, diags: &mut Diagnostics) -> Result<(), Reported> {
        read_only::refuse(&DataSource::schema(self), config, diags);
        DataSource::validate(self, &config.decode(diags, CONFIG)?, diags);
        diags.check()
    }

    async fn read(&self, config: Encoded, diags: &mut Diagnostics) -> Result<Encoded, Reported> {
        let config = plan::with_defaults(&DataSource::schema(self), config).decode(diags, CONFIG)?;
        let found = DataSource::read(self, config, diags).await?;
        Encoded::encode(diags, &found)
    }

    fn attributes_of_model(&self, diags: &mut Diagnostics) -> Result<BTreeSet<String>, Reported> {
        plan::attributes_of::<D::Model>(&DataSource::schema(self), diags)
    }
}
