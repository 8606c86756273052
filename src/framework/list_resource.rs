//! A list resource: how Terraform finds objects that are in no state (`terraform query`, 1.14).

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tf_provider::Diagnostics;
use tf_provider::schema::Schema;

use super::{Encoded, IdentityAttribute, read_only};

/// An object that was found.
pub struct Listed<S> {
    /// What a person would call it.
    pub display_name: String,
    /// The state that an import of it would begin with.
    pub state: S,
}

/// What `tf-provider` has no trait for. It has the name of a managed resource, which must have an identity.
#[async_trait]
pub trait ListResource: Send + Sync {
    /// The configuration. Terraform may leave it out as a whole: then it is the default.
    type Config: DeserializeOwned + Default + Send;
    /// The state of the managed resource.
    type State: Serialize + Send;

    /// The schema of the configuration.
    fn schema(&self) -> Schema;

    /// [`ManagedResource::identity`](super::ManagedResource::identity) of the managed resource.
    fn identity(&self) -> &'static [IdentityAttribute];

    /// Checks the configuration; errors go to `diags`.
    async fn validate(&self, diags: &mut Diagnostics, config: Self::Config) -> Option<()>;

    /// Finds them all, always in the same order, or says why not.
    async fn list(&self, diags: &mut Diagnostics, config: Self::Config) -> Option<Vec<Listed<Self::State>>>;
}

/// A [`ListResource`] without its types: encoded values in and out. Implemented for all of them.
#[async_trait]
pub trait DynListResource: Send + Sync {
    /// The schema.
    fn schema(&self) -> Schema;

    /// [`ListResource::validate`].
    async fn validate(&self, diags: &mut Diagnostics, config: &Encoded) -> Option<()>;

    /// [`ListResource::list`], `limit` of them at most: each with its identity.
    async fn list(
        &self,
        diags: &mut Diagnostics,
        config: &Encoded,
        limit: usize,
    ) -> Option<Vec<(Encoded, Listed<Encoded>)>>;
}

#[async_trait]
impl<L: ListResource> DynListResource for L {
    fn schema(&self) -> Schema {
        ListResource::schema(self)
    }

    async fn validate(&self, diags: &mut Diagnostics, config: &Encoded) -> Option<()> {
        read_only::refuse(&ListResource::schema(self), config, diags);
        let config = decode::<L>(diags, config)?;
        ListResource::validate(self, diags, config).await
    }

    async fn list(
        &self,
        diags: &mut Diagnostics,
        config: &Encoded,
        limit: usize,
    ) -> Option<Vec<(Encoded, Listed<Encoded>)>> {
        let config = decode::<L>(diags, config)?;
        let listed = ListResource::list(self, diags, config).await?;
        let encoded = listed.into_iter().take(limit).map(|Listed { display_name, state }| {
            let state = Encoded::encode(diags, &state)?;
            let identity = state.identity(ListResource::identity(self))?;
            Some((identity, Listed { display_name, state }))
        });
        encoded.collect()
    }
}

fn decode<L: ListResource>(diags: &mut Diagnostics, config: &Encoded) -> Option<L::Config> {
    if config.is_null() { Some(L::Config::default()) } else { config.decode(diags, "configuration") }
}
