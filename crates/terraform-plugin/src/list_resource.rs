//! A list resource: how Terraform finds objects that are in no state (`terraform query`, 1.14).

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tf_provider::Diagnostics;

use crate::codec::Encoded;
use crate::diagnostics::{Report, Reported};
use crate::read_only;
use crate::schema::Schema;

/// An object that was found.
#[derive(Debug)]
pub struct Listed<S> {
    /// What a person would call it.
    pub display_name: String,
    /// The state that an import of it would begin with. Defaults of the resource's schema are filled in where it is null.
    pub state: S,
}

/// A list resource. It has the name of a managed resource, which must have an identity.
#[async_trait]
pub trait ListResource: Send + Sync + 'static {
    /// The configuration. Terraform may leave it out as a whole: then it is the default.
    type Config: DeserializeOwned + Default + Send + Sync;
    /// The state of the managed resource.
    type State: Serialize + Send + Sync;

    /// The schema of the configuration.
    fn schema(&self) -> Schema;

    /// Checks the configuration, in which values may be unknown. Asks nobody.
    fn validate(&self, config: &Self::Config, diags: &mut Diagnostics) {
        let _ = (config, diags);
    }

    /// Finds them all, always in the same order.
    ///
    /// # Errors
    /// Why not.
    async fn list(&self, config: Self::Config, diags: &mut Diagnostics) -> Result<Vec<Listed<Self::State>>, Reported>;
}

/// A [`ListResource`] without its types. Implemented for all of them.
#[async_trait]
pub(crate) trait DynListResource: Send + Sync {
    fn schema(&self) -> Schema;
    fn validate(&self, config: &Encoded, diags: &mut Diagnostics) -> Result<(), Reported>;
    async fn list(&self, config: &Encoded, diags: &mut Diagnostics) -> Result<Vec<Listed<Encoded>>, Reported>;
}

#[async_trait]
impl<L: ListResource> DynListResource for L {
    fn schema(&self) -> Schema {
        ListResource::schema(self)
    }

    fn validate(&self, config: &Encoded, diags: &mut Diagnostics) -> Result<(), Reported> {
        read_only::refuse(&ListResource::schema(self), config, diags);
        ListResource::validate(self, &decode::<L>(config, diags)?, diags);
        diags.check()
    }

    async fn list(&self, config: &Encoded, diags: &mut Diagnostics) -> Result<Vec<Listed<Encoded>>, Reported> {
        let config = decode::<L>(config, diags)?;
        let listed = ListResource::list(self, config, diags).await?;
        let encoded = listed
            .into_iter()
            .map(|Listed { display_name, state }| Ok(Listed { display_name, state: Encoded::encode(diags, &state)? }));
        encoded.collect()
    }
}

fn decode<L: ListResource>(config: &Encoded, diags: &mut Diagnostics) -> Result<L::Config, Reported> {
    if config.is_null() { Ok(L::Config::default()) } else { config.decode(diags, "configuration") }
}
