//! A managed resource, typed for who writes it and without types for who serves it.

use async_trait::async_trait;
use tf_provider::schema::Schema;
use tf_provider::{AttributePath, Diagnostics, Resource};

use super::codec::{decode_stored, from_private, to_private};
use super::{Encoded, GivenIdentity, IdentityAttribute, Report, problems, read_only};

/// What is moved here from another resource type. It does not print: the other state may hold a secret.
pub struct Moved {
    /// The address of its provider, such as `registry.terraform.io/okta/okta`.
    pub provider: String,
    /// The other type.
    pub type_name: String,
    /// Its state.
    pub state: serde_json::Value,
}

/// A resource that this program serves: `tf-provider`'s [`Resource`], and how its stored state is read.
///
/// [`Resource::upgrade`] takes a private type and cannot be implemented; it is never called.
#[async_trait]
pub trait ManagedResource: Resource {
    /// Reads a state that was stored by the schema's `version` or an older one. Terraform asks for this on every run.
    ///
    /// By default the JSON is decoded as it is, which suits every version that only added attributes: with
    /// `#[serde(default)]` on the model a missing attribute is null, and an attribute that is gone is ignored. A state
    /// of a newer version than the schema's does not get here.
    fn upgrade_state<'a>(
        &self,
        diags: &mut Diagnostics,
        version: i64,
        state: serde_json::Value,
    ) -> Option<Self::State<'a>> {
        let _ = version;
        decode_stored(diags, state)
    }

    /// Plans the creation that follows the removal of an object that exists: the second plan of a replacement, whatever
    /// asked for it. `planned` is the private state that [`Resource::plan_update`] gave when the first plan was made.
    ///
    /// Terraform and OpenTofu drop the warnings of this plan, and remove the old object before they ask to create: what
    /// would fail then must be an error here. It is recognized by that private state, so a resource that has none is asked
    /// for an ordinary [`Resource::plan_create`]. So is one with a tainted object.
    async fn plan_replacement<'a>(
        &self,
        diags: &mut Diagnostics,
        proposed: Self::State<'a>,
        config: Self::State<'a>,
        planned: Self::PrivateState<'a>,
    ) -> Option<(Self::State<'a>, Self::PrivateState<'a>)> {
        let _ = planned;
        let meta = no_meta(diags)?;
        Resource::plan_create(self, diags, proposed, config, meta).await
    }

    /// Compares the plan that is being applied with the one that the user agreed to, by the private state of each.
    /// Terraform hands it back since 1.16 (protocol 6.11); older releases, and OpenTofu, compare the values themselves, and
    /// call a difference a mistake in the provider.
    fn confirm_plan<'a>(&self, diags: &mut Diagnostics, planned: Self::PrivateState<'a>, now: &Self::PrivateState<'a>) {
        let _ = (diags, planned, now);
    }

    /// The attributes of the state that say which remote object it is. They stay as they are as long as it is the same.
    fn identity(&self) -> &'static [IdentityAttribute] {
        &[]
    }

    /// Imports what an identity names: [`Resource::import`] by another way. Not called where there is no identity.
    async fn import_identified<'a>(
        &self,
        diags: &mut Diagnostics,
        identity: GivenIdentity,
    ) -> Option<(Self::State<'a>, Self::PrivateState<'a>)> {
        let _ = (diags, identity);
        None
    }

    /// Takes over what another resource type managed, from its state alone (`moved`, Terraform 1.8). None where that type
    /// is not one of those that this resource knows.
    fn move_state<'a>(&self, diags: &mut Diagnostics, from: &Moved) -> Option<Self::State<'a>> {
        let _ = (diags, from);
        None
    }

    /// The names of the attributes that Terraform sends in the configuration and never stores (Terraform and OpenTofu
    /// 1.11). The model must encode them as null always: Terraform refuses a provider that answers with a value.
    fn write_only(&self) -> &'static [&'static str] {
        &[]
    }
}

/// A [`ManagedResource`] without its types: encoded values in and out. Implemented for all of them.
///
/// `None` stands for "no answer", as it does in [`Resource`]; an input that cannot be decoded is a diagnostic and `None`.
#[async_trait]
pub trait DynResource: Send + Sync {
    /// The schema.
    fn schema(&self, diags: &mut Diagnostics) -> Option<Schema>;

    /// [`ManagedResource::write_only`].
    fn write_only(&self) -> &'static [&'static str];

    /// [`Resource::validate`].
    async fn validate(&self, diags: &mut Diagnostics, config: &Encoded) -> Option<()>;

    /// [`Resource::read`]: the new state and private state.
    async fn read(&self, diags: &mut Diagnostics, state: &Encoded, private: &[u8]) -> Option<(Encoded, Vec<u8>)>;

    /// [`Resource::plan_create`]: the planned state and private state.
    async fn plan_create(
        &self,
        diags: &mut Diagnostics,
        proposed: &Encoded,
        config: &Encoded,
    ) -> Option<(Encoded, Vec<u8>)>;

    /// [`ManagedResource::plan_replacement`]: the planned state and private state.
    async fn plan_replacement(
        &self,
        diags: &mut Diagnostics,
        proposed: &Encoded,
        config: &Encoded,
        planned: &[u8],
    ) -> Option<(Encoded, Vec<u8>)>;

    /// [`ManagedResource::confirm_plan`].
    fn confirm_plan(&self, diags: &mut Diagnostics, planned: &[u8], now: &[u8]) -> Option<()>;

    /// [`Resource::plan_update`]: the planned state, private state, and what forces a replacement.
    async fn plan_update(
        &self,
        diags: &mut Diagnostics,
        prior: &Encoded,
        proposed: &Encoded,
        config: &Encoded,
        private: &[u8],
    ) -> Option<(Encoded, Vec<u8>, Vec<AttributePath>)>;

    /// [`Resource::plan_destroy`]: the planned private state.
    async fn plan_destroy(&self, diags: &mut Diagnostics, prior: &Encoded, private: &[u8]) -> Option<Vec<u8>>;

    /// [`Resource::create`]: the new state and private state.
    async fn create(
        &self,
        diags: &mut Diagnostics,
        planned: &Encoded,
        config: &Encoded,
        private: &[u8],
    ) -> Option<(Encoded, Vec<u8>)>;

    /// [`Resource::update`]: the new state and private state.
    async fn update(
        &self,
        diags: &mut Diagnostics,
        prior: &Encoded,
        planned: &Encoded,
        config: &Encoded,
        private: &[u8],
    ) -> Option<(Encoded, Vec<u8>)>;

    /// [`Resource::destroy`].
    async fn destroy(&self, diags: &mut Diagnostics, prior: &Encoded, private: &[u8]) -> Option<()>;

    /// [`Resource::import`]: the state and private state.
    async fn import(&self, diags: &mut Diagnostics, id: String) -> Option<(Encoded, Vec<u8>)>;

    /// [`ManagedResource::identity`].
    fn identity(&self) -> &'static [IdentityAttribute];

    /// [`ManagedResource::import_identified`]: the state and private state.
    async fn import_identified(&self, diags: &mut Diagnostics, identity: &Encoded) -> Option<(Encoded, Vec<u8>)>;

    /// [`ManagedResource::move_state`], or an error where the other type is not known.
    fn move_state(&self, diags: &mut Diagnostics, from: &Moved) -> Option<Encoded>;

    /// [`ManagedResource::upgrade_state`], after a state of a newer version has been refused.
    fn upgrade(&self, diags: &mut Diagnostics, version: i64, json: &[u8]) -> Option<Encoded>;
}

const CONFIG: &str = "configuration";
const PLANNED: &str = "planned state";
const PRIOR: &str = "prior state";

#[async_trait]
impl<R: ManagedResource> DynResource for R {
    fn schema(&self, diags: &mut Diagnostics) -> Option<Schema> {
        Resource::schema(self, diags)
    }

    fn write_only(&self) -> &'static [&'static str] {
        ManagedResource::write_only(self)
    }

    async fn validate(&self, diags: &mut Diagnostics, config: &Encoded) -> Option<()> {
        read_only::refuse(&Resource::schema(self, diags)?, config, diags);
        let config = config.decode(diags, CONFIG)?;
        Resource::validate(self, diags, config).await
    }

    async fn read(&self, diags: &mut Diagnostics, state: &Encoded, private: &[u8]) -> Option<(Encoded, Vec<u8>)> {
        let (state, private) = (state.decode(diags, PRIOR)?, from_private(diags, private)?);
        let meta = no_meta(diags)?;
        let (state, private) = Resource::read(self, diags, state, private, meta).await?;
        encode::<R>(diags, &state, &private)
    }

    async fn plan_create(
        &self,
        diags: &mut Diagnostics,
        proposed: &Encoded,
        config: &Encoded,
    ) -> Option<(Encoded, Vec<u8>)> {
        let (proposed, config) = (proposed.decode(diags, PLANNED)?, config.decode(diags, CONFIG)?);
        let meta = no_meta(diags)?;
        let (state, private) = Resource::plan_create(self, diags, proposed, config, meta).await?;
        encode::<R>(diags, &state, &private)
    }

    async fn plan_replacement(
        &self,
        diags: &mut Diagnostics,
        proposed: &Encoded,
        config: &Encoded,
        planned: &[u8],
    ) -> Option<(Encoded, Vec<u8>)> {
        let (proposed, config) = (proposed.decode(diags, PLANNED)?, config.decode(diags, CONFIG)?);
        let planned = from_private(diags, planned)?;
        let (state, private) = ManagedResource::plan_replacement(self, diags, proposed, config, planned).await?;
        encode::<R>(diags, &state, &private)
    }

    fn confirm_plan(&self, diags: &mut Diagnostics, planned: &[u8], now: &[u8]) -> Option<()> {
        let (planned, now) = (from_private(diags, planned)?, from_private(diags, now)?);
        ManagedResource::confirm_plan(self, diags, planned, &now);
        diags.errors.is_empty().then_some(())
    }

    async fn plan_update(
        &self,
        diags: &mut Diagnostics,
        prior: &Encoded,
        proposed: &Encoded,
        config: &Encoded,
        private: &[u8],
    ) -> Option<(Encoded, Vec<u8>, Vec<AttributePath>)> {
        let (prior, proposed) = (prior.decode(diags, PRIOR)?, proposed.decode(diags, PLANNED)?);
        let (config, private) = (config.decode(diags, CONFIG)?, from_private(diags, private)?);
        let meta = no_meta(diags)?;
        let (state, private, replace) =
            Resource::plan_update(self, diags, prior, proposed, config, private, meta).await?;
        let (state, private) = encode::<R>(diags, &state, &private)?;
        Some((state, private, replace))
    }

    async fn plan_destroy(&self, diags: &mut Diagnostics, prior: &Encoded, private: &[u8]) -> Option<Vec<u8>> {
        let (prior, private) = (prior.decode(diags, PRIOR)?, from_private(diags, private)?);
        let meta = no_meta(diags)?;
        let private = Resource::plan_destroy(self, diags, prior, private, meta).await?;
        to_private(diags, &private)
    }

    async fn create(
        &self,
        diags: &mut Diagnostics,
        planned: &Encoded,
        config: &Encoded,
        private: &[u8],
    ) -> Option<(Encoded, Vec<u8>)> {
        let (planned, config) = (planned.decode(diags, PLANNED)?, config.decode(diags, CONFIG)?);
        let (private, meta) = (from_private(diags, private)?, no_meta(diags)?);
        let (state, private) = Resource::create(self, diags, planned, config, private, meta).await?;
        encode::<R>(diags, &state, &private)
    }

    async fn update(
        &self,
        diags: &mut Diagnostics,
        prior: &Encoded,
        planned: &Encoded,
        config: &Encoded,
        private: &[u8],
    ) -> Option<(Encoded, Vec<u8>)> {
        let (prior, planned) = (prior.decode(diags, PRIOR)?, planned.decode(diags, PLANNED)?);
        let (config, private) = (config.decode(diags, CONFIG)?, from_private(diags, private)?);
        let meta = no_meta(diags)?;
        let (state, private) = Resource::update(self, diags, prior, planned, config, private, meta).await?;
        encode::<R>(diags, &state, &private)
    }

    async fn destroy(&self, diags: &mut Diagnostics, prior: &Encoded, private: &[u8]) -> Option<()> {
        let (prior, private) = (prior.decode(diags, PRIOR)?, from_private(diags, private)?);
        let meta = no_meta(diags)?;
        Resource::destroy(self, diags, prior, private, meta).await
    }

    async fn import(&self, diags: &mut Diagnostics, id: String) -> Option<(Encoded, Vec<u8>)> {
        let (state, private) = Resource::import(self, diags, id).await?;
        encode::<R>(diags, &state, &private)
    }

    fn identity(&self) -> &'static [IdentityAttribute] {
        ManagedResource::identity(self)
    }

    async fn import_identified(&self, diags: &mut Diagnostics, identity: &Encoded) -> Option<(Encoded, Vec<u8>)> {
        let identity = identity.decode(diags, "identity")?;
        let (state, private) = ManagedResource::import_identified(self, diags, identity).await?;
        encode::<R>(diags, &state, &private)
    }

    fn move_state(&self, diags: &mut Diagnostics, from: &Moved) -> Option<Encoded> {
        match ManagedResource::move_state(self, diags, from) {
            Some(state) => Encoded::encode(diags, &state),
            None if diags.errors.is_empty() => {
                diags.fail(
                    problems::cannot_move(),
                    format!(
                        "This resource cannot take over {} of {}: import it instead.",
                        from.type_name, from.provider
                    ),
                    AttributePath::root(),
                );
                None
            }
            None => None,
        }
    }

    fn upgrade(&self, diags: &mut Diagnostics, version: i64, json: &[u8]) -> Option<Encoded> {
        let current = Resource::schema(self, diags)?.version;
        if version > current {
            diags.fail(
                problems::newer_state(),
                format!(
                    "It has version {version} of this resource's schema, and this version of the provider knows it \
                     up to version {current}. Use the newer version of the provider."
                ),
                AttributePath::root(),
            );
            return None;
        }
        let state = stored_json(diags, json)?;
        let state = self.upgrade_state(diags, version, state)?;
        Encoded::encode(diags, &state)
    }
}

/// A stored state, whatever resource it is of.
pub fn stored_json(diags: &mut Diagnostics, json: &[u8]) -> Option<serde_json::Value> {
    let state = serde_json::from_slice(json).ok();
    if state.is_none() {
        diags.fail(problems::unreadable("stored state"), "It is not JSON.", AttributePath::root());
    }
    state
}

/// Provider metadata is not part of the schema that we serve, so it is always null.
fn no_meta<'a, T: serde::Deserialize<'a>>(diags: &mut Diagnostics) -> Option<T> {
    from_private(diags, &[])
}

fn encode<R: Resource>(
    diags: &mut Diagnostics,
    state: &R::State<'_>,
    private: &R::PrivateState<'_>,
) -> Option<(Encoded, Vec<u8>)> {
    Some((Encoded::encode(diags, state)?, to_private(diags, private)?))
}
