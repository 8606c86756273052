//! A data source, typed for who writes it and without types for who serves it.

use async_trait::async_trait;
use tf_provider::schema::Schema;
use tf_provider::{DataSource, Diagnostics};

use super::codec::from_private;
use super::{Encoded, read_only};

/// A [`DataSource`] without its types: encoded values in and out. Implemented for all of them.
///
/// `None` stands for "no answer", as it does in [`DataSource`]; a configuration that cannot be decoded is a diagnostic
/// and `None`.
#[async_trait]
pub trait DynDataSource: Send + Sync {
    /// The schema.
    fn schema(&self, diags: &mut Diagnostics) -> Option<Schema>;

    /// [`DataSource::validate`].
    async fn validate(&self, diags: &mut Diagnostics, config: &Encoded) -> Option<()>;

    /// [`DataSource::read`]: what it found, with the configuration.
    async fn read(&self, diags: &mut Diagnostics, config: &Encoded) -> Option<Encoded>;
}

const CONFIG: &str = "configuration";

#[async_trait]
impl<D: DataSource> DynDataSource for D {
    fn schema(&self, diags: &mut Diagnostics) -> Option<Schema> {
        DataSource::schema(self, diags)
    }

    async fn validate(&self, diags: &mut Diagnostics, config: &Encoded) -> Option<()> {
        read_only::refuse(&DataSource::schema(self, diags)?, config, diags);
        let config = config.decode(diags, CONFIG)?;
        DataSource::validate(self, diags, config).await
    }

    async fn read(&self, diags: &mut Diagnostics, config: &Encoded) -> Option<Encoded> {
        let config = config.decode(diags, CONFIG)?;
        // Provider metadata is not part of the schema that we serve, so it is always null.
        let meta = from_private(diags, &[])?;
        let state = DataSource::read(self, diags, config, meta).await?;
        Encoded::encode(diags, &state)
    }
}
