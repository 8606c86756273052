//! A managed resource: for who writes one, a trait of its types; for the server, the same without types.

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tf_provider::{AttributePath, Diagnostics};

use crate::codec::decode_stored;
use crate::diagnostics::Reported;
use crate::identity::{GivenIdentity, IdentityAttribute};
use crate::schema::Schema;

/// An object as Terraform stores it: the model that users see, and what the resource remembers beside it.
///
/// Neither this nor the other types of this module that hold a model print: it may hold a secret.
pub struct State<M, P = ()> {
    /// The attributes.
    pub model: M,
    /// The private data.
    pub private: P,
}

impl<M, P: Default> State<M, P> {
    /// With private data that is the default, which is never stored.
    pub fn of(model: M) -> Self {
        Self { model, private: P::default() }
    }
}

/// What is to be created.
pub struct Creation<M, P = ()> {
    /// The plan: the configuration with defaults, and with what the provider gives as unknown.
    pub planned: M,
    /// The configuration.
    pub config: M,
    /// In an apply, the private data that the plan returned. In [`Change::CreateAgain`], what the plan of the removal
    /// returned. Otherwise the default.
    pub private: P,
}

/// What is to be changed in place.
pub struct Update<M, P = ()> {
    /// The object as it is.
    pub prior: M,
    /// The plan: the configuration with defaults. What is computed is as in `prior` until
    /// [`modify_plan`](Resource::modify_plan) says otherwise.
    pub planned: M,
    /// The configuration.
    pub config: M,
    /// The private data: in a plan that of the object, in an apply what the plan returned.
    pub private: P,
}

/// What is planned.
pub enum Change<M, P = ()> {
    /// An object comes into being.
    Create(Creation<M, P>),
    /// An object comes into being after one that exists is removed: the second plan of a replacement, whatever asked for it.
    ///
    /// Terraform and OpenTofu drop the warnings of this plan, and remove the old object before they ask to create: what
    /// would fail then must be an error here. It is recognized by the private data of the first plan, so where that is the
    /// default this is an ordinary [`Change::Create`]. So is what replaces a tainted object.
    CreateAgain(Creation<M, P>),
    /// An object changes, or stays as it is.
    Update(Update<M, P>),
}

impl<M, P> Change<M, P> {
    /// The plan that the schema gives, and no more.
    pub fn into_plan(self) -> Plan<M, P> {
        match self {
            Self::Create(Creation { planned, private, .. })
            | Self::CreateAgain(Creation { planned, private, .. })
            | Self::Update(Update { planned, private, .. }) => Plan::new(planned, private),
        }
    }
}

/// A plan.
pub struct Plan<M, P = ()> {
    /// What the object will be, as far as that is known.
    pub model: M,
    /// What the apply gets back. No secret: it is stored in the plan file as it is.
    pub private: P,
    /// What replaces the object, besides what the schema says.
    pub replace: Vec<AttributePath>,
}

impl<M, P> Plan<M, P> {
    /// A plan that replaces nothing of its own accord.
    pub fn new(model: M, private: P) -> Self {
        Self { model, private, replace: Vec::new() }
    }
}

/// How an import names an object.
#[derive(Debug)]
pub enum ImportBy {
    /// By the id of `terraform import`, or of an `import` block.
    Id(String),
    /// By the identity of an `import` block (Terraform 1.12).
    Identity(GivenIdentity),
}

/// What is moved here from another resource type. It does not print: the other state may hold a secret.
pub struct Moved {
    /// The address of its provider, such as `registry.terraform.io/hashicorp/aws`.
    pub provider: String,
    /// The other type.
    pub type_name: String,
    /// Its state.
    pub state: serde_json::Value,
}

/// A resource.
///
/// An error is reported with [`Report`](crate::Report), which gives the [`Reported`] that a method returns. Errors that are reported beside
/// a result do not undo it: the result is stored, and Terraform shows the errors.
#[async_trait]
pub trait Resource: Send + Sync + 'static {
    /// The attributes: as state, plan and configuration. With `#[serde(default)]` a state that lacks an attribute can be read.
    type Model: Serialize + DeserializeOwned + Send + Sync;
    /// What is remembered beside the state, where users do not see it; `()` for most. It is stored as plain text: no secret.
    type Private: Serialize + DeserializeOwned + Default + PartialEq + Send + Sync;

    /// The schema.
    fn schema(&self) -> Schema;

    /// Checks the configuration, in which values may be unknown. Asks nobody.
    fn validate(&self, config: &Self::Model, diags: &mut Diagnostics) {
        let _ = (config, diags);
    }

    /// Completes the plan that the schema gives. Most resources need not.
    ///
    /// # Errors
    /// What the configuration alone makes wrong. What depends on the remote side is a warning here, see
    /// [`Report::warn_of`](crate::Report::warn_of), but for [`Change::CreateAgain`].
    async fn modify_plan(
        &self,
        change: Change<Self::Model, Self::Private>,
        diags: &mut Diagnostics,
    ) -> Result<Plan<Self::Model, Self::Private>, Reported> {
        let _ = diags;
        Ok(change.into_plan())
    }

    /// Checks whether the object can be deleted later, such as whether there are credentials. Changes nothing.
    ///
    /// # Errors
    /// Why not.
    async fn plan_delete(&self, diags: &mut Diagnostics) -> Result<(), Reported> {
        let _ = diags;
        Ok(())
    }

    /// Compares the plan that is being applied with the one that the user agreed to, by the private data of each. Terraform
    /// hands it back since 1.16 (protocol 6.11); older releases, and OpenTofu, compare the values themselves, and call a
    /// difference a mistake in the provider.
    fn confirm_plan(&self, agreed: &Self::Private, now: &Self::Private, diags: &mut Diagnostics) {
        let _ = (agreed, now, diags);
    }

    /// Creates the object. Call [`checkpoint`](crate::checkpoint) as soon as it exists, so that nothing that happens later
    /// loses it.
    ///
    /// # Errors
    /// Why there is none. The last checkpoint is stored all the same, and Terraform taints it.
    async fn create(
        &self,
        creation: Creation<Self::Model, Self::Private>,
        diags: &mut Diagnostics,
    ) -> Result<State<Self::Model, Self::Private>, Reported>;

    /// The object as it is now. None, and only that, means that it is gone.
    ///
    /// # Errors
    /// Why it could not be looked at. What Terraform knows of it stays.
    async fn read(
        &self,
        state: State<Self::Model, Self::Private>,
        diags: &mut Diagnostics,
    ) -> Result<Option<State<Self::Model, Self::Private>>, Reported>;

    /// Changes the object. Where the plan knew a value, it stands until the next read, whatever this returns for it.
    ///
    /// # Errors
    /// Why nothing was changed, or nothing after the last checkpoint.
    async fn update(
        &self,
        update: Update<Self::Model, Self::Private>,
        diags: &mut Diagnostics,
    ) -> Result<State<Self::Model, Self::Private>, Reported>;

    /// Deletes the object. One that is gone already is a success.
    ///
    /// # Errors
    /// Why it is still there.
    async fn delete(&self, state: State<Self::Model, Self::Private>, diags: &mut Diagnostics) -> Result<(), Reported>;

    /// The state of an object that exists. Defaults of the schema are filled in where it is null.
    ///
    /// # Errors
    /// Why it cannot be imported.
    async fn import(
        &self,
        by: ImportBy,
        diags: &mut Diagnostics,
    ) -> Result<State<Self::Model, Self::Private>, Reported>;

    /// The attributes of the state that say which remote object it is. They stay as they are as long as it is the same.
    fn identity(&self) -> &'static [IdentityAttribute] {
        &[]
    }

    /// Takes over what another resource type managed, from its state alone (`moved`, Terraform 1.8). None where that type
    /// is not one of those that this resource knows. Defaults of the schema are filled in where it is null.
    ///
    /// # Errors
    /// What is wrong with that state.
    fn move_state(&self, from: &Moved, diags: &mut Diagnostics) -> Result<Option<Self::Model>, Reported> {
        let _ = (from, diags);
        Ok(None)
    }

    /// Reads a state that was stored by the schema's `version` or an older one. Terraform asks for this on every run.
    ///
    /// By default the JSON is decoded as it is, which suits every version that only added attributes: with
    /// `#[serde(default)]` on the model a missing attribute is null or its default, and one that is gone is ignored. A
    /// state of a newer version than the schema's does not get here.
    ///
    /// # Errors
    /// What could not be read.
    fn upgrade_state(
        &self,
        version: i64,
        state: serde_json::Value,
        diags: &mut Diagnostics,
    ) -> Result<Self::Model, Reported> {
        let _ = version;
        decode_stored(diags, &state)
    }
}
