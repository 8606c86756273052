//! A managed resource: for who writes one, a trait of its types; for the server, the same without types.

use std::collections::BTreeSet;

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tf_provider::{AttributePath, Diagnostics};

use crate::codec::{Encoded, decode_stored, from_private, to_private};
use crate::diagnostics::{Report, Reported};
use crate::identity::{GivenIdentity, IdentityAttribute};
use crate::schema::Schema;
use crate::{plan, problems, read_only};

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
/// An error is reported with [`Report`], which gives the [`Reported`] that a method returns. Errors that are reported beside
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
    /// [`Report::warn_of`], but for [`Change::CreateAgain`].
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

/// A state and its private data, both encoded.
pub(crate) type EncodedState = (Encoded, Vec<u8>);
/// A plan, its private data, and what replaces the object.
pub(crate) type EncodedPlan = (Encoded, Vec<u8>, Vec<AttributePath>);

/// What Terraform sends to plan or to apply a change.
pub(crate) struct Request {
    pub prior: Encoded,
    /// The proposed state in a plan, the planned one in an apply.
    pub next: Encoded,
    pub config: Encoded,
    /// The prior private state in a plan, the planned one in an apply.
    pub private: Vec<u8>,
}

/// A [`Resource`] without its types. Implemented for all of them.
#[async_trait]
pub(crate) trait DynResource: Send + Sync {
    fn schema(&self) -> Schema;
    fn validate(&self, config: &Encoded, diags: &mut Diagnostics) -> Result<(), Reported>;
    async fn plan_create(&self, request: &Request, diags: &mut Diagnostics) -> Result<EncodedPlan, Reported>;
    async fn plan_update(&self, request: &Request, diags: &mut Diagnostics) -> Result<EncodedPlan, Reported>;
    async fn plan_delete(&self, diags: &mut Diagnostics) -> Result<(), Reported>;
    fn confirm_plan(&self, agreed: &[u8], now: &[u8], diags: &mut Diagnostics) -> Result<(), Reported>;
    async fn create(&self, request: &Request, diags: &mut Diagnostics) -> Result<EncodedState, Reported>;
    async fn read(
        &self,
        state: &Encoded,
        private: &[u8],
        diags: &mut Diagnostics,
    ) -> Result<Option<EncodedState>, Reported>;
    async fn update(&self, request: &Request, diags: &mut Diagnostics) -> Result<EncodedState, Reported>;
    async fn delete(&self, request: &Request, diags: &mut Diagnostics) -> Result<(), Reported>;
    async fn import(&self, by: ImportBy, diags: &mut Diagnostics) -> Result<EncodedState, Reported>;
    fn identity(&self) -> &'static [IdentityAttribute];
    /// The names of the attributes that the model has.
    fn attributes_of_model(&self, diags: &mut Diagnostics) -> Result<BTreeSet<String>, Reported>;
    /// An error where the other type is not known.
    fn move_state(&self, from: &Moved, diags: &mut Diagnostics) -> Result<Encoded, Reported>;
    /// After a state of a newer version has been refused.
    fn upgrade(&self, version: i64, json: &[u8], diags: &mut Diagnostics) -> Result<Encoded, Reported>;
}

const CONFIG: &str = "configuration";
const PLANNED: &str = "planned state";
const PRIOR: &str = "prior state";

#[async_trait]
impl<R: Resource> DynResource for R {
    fn schema(&self) -> Schema {
        Resource::schema(self)
    }

    fn validate(&self, config: &Encoded, diags: &mut Diagnostics) -> Result<(), Reported> {
        read_only::refuse(&Resource::schema(self), config, diags);
        Resource::validate(self, &config.decode(diags, CONFIG)?, diags);
        diags.check()
    }

    async fn plan_create(&self, request: &Request, diags: &mut Diagnostics) -> Result<EncodedPlan, Reported> {
        let filled = plan::of_creation(&Resource::schema(self), request.next.clone(), &request.config);
        let creation = Creation { planned: filled.decode(diags, PLANNED)?, ..decode_creation(request, diags)? };
        // Nothing that does not exist has private state, but for what a replacement leaves of the plan before.
        let change = if request.private.is_empty() { Change::Create(creation) } else { Change::CreateAgain(creation) };
        let plan = self.modify_plan(change, diags).await?;
        Ok((Encoded::encode(diags, &plan.model)?, to_private(diags, &plan.private)?, Vec::new()))
    }

    async fn plan_update(&self, request: &Request, diags: &mut Diagnostics) -> Result<EncodedPlan, Reported> {
        let schema = Resource::schema(self);
        let filled = plan::of_update(&schema, request.next.clone(), &request.config);
        let update = Update { planned: filled.decode(diags, PLANNED)?, ..decode_update(request, diags)? };
        let plan = self.modify_plan(Change::Update(update), diags).await?;
        let planned = Encoded::encode(diags, &plan.model)?;
        let mut replace = plan::replacing(&schema, &request.prior, &planned);
        replace.extend(plan.replace);
        Ok((planned, to_private(diags, &plan.private)?, replace))
    }

    async fn plan_delete(&self, diags: &mut Diagnostics) -> Result<(), Reported> {
        Resource::plan_delete(self, diags).await
    }

    fn confirm_plan(&self, agreed: &[u8], now: &[u8], diags: &mut Diagnostics) -> Result<(), Reported> {
        let (agreed, now) = (from_private(diags, agreed)?, from_private(diags, now)?);
        Resource::confirm_plan(self, &agreed, &now, diags);
        diags.check()
    }

    async fn create(&self, request: &Request, diags: &mut Diagnostics) -> Result<EncodedState, Reported> {
        let creation = decode_creation(request, diags)?;
        let state = Resource::create(self, creation, diags).await?;
        encode(diags, &state)
    }

    async fn read(
        &self,
        state: &Encoded,
        private: &[u8],
        diags: &mut Diagnostics,
    ) -> Result<Option<EncodedState>, Reported> {
        let state = State { model: state.decode(diags, PRIOR)?, private: from_private(diags, private)? };
        let state = Resource::read(self, state, diags).await?;
        state.map(|state| encode(diags, &state)).transpose()
    }

    async fn update(&self, request: &Request, diags: &mut Diagnostics) -> Result<EncodedState, Reported> {
        let update = decode_update(request, diags)?;
        let state = Resource::update(self, update, diags).await?;
        encode(diags, &state)
    }

    async fn delete(&self, request: &Request, diags: &mut Diagnostics) -> Result<(), Reported> {
        let model = request.prior.decode(diags, PRIOR)?;
        let state = State { model, private: from_private(diags, &request.private)? };
        Resource::delete(self, state, diags).await
    }

    async fn import(&self, by: ImportBy, diags: &mut Diagnostics) -> Result<EncodedState, Reported> {
        let state = Resource::import(self, by, diags).await?;
        let (model, private) = encode(diags, &state)?;
        Ok((plan::with_defaults(&Resource::schema(self), model), private))
    }

    fn identity(&self) -> &'static [IdentityAttribute] {
        Resource::identity(self)
    }

    fn attributes_of_model(&self, diags: &mut Diagnostics) -> Result<BTreeSet<String>, Reported> {
        plan::attributes_of::<R::Model>(&Resource::schema(self), diags)
    }

    fn move_state(&self, from: &Moved, diags: &mut Diagnostics) -> Result<Encoded, Reported> {
        let Some(model) = Resource::move_state(self, from, diags)? else {
            return Err(diags.fail(
                problems::cannot_move(),
                format!("This resource cannot take over {} of {}: import it instead.", from.type_name, from.provider),
                AttributePath::root(),
            ));
        };
        Ok(plan::with_defaults(&Resource::schema(self), Encoded::encode(diags, &model)?))
    }

    fn upgrade(&self, version: i64, json: &[u8], diags: &mut Diagnostics) -> Result<Encoded, Reported> {
        let schema = Resource::schema(self);
        if version > schema.version {
            return Err(diags.fail(
                problems::newer_state(),
                format!(
                    "It has version {version} of this resource's schema, and this version of the provider knows it \
                     up to version {}. Use the newer version of the provider.",
                    schema.version
                ),
                AttributePath::root(),
            ));
        }
        let state = stored_json(json, diags)?;
        let model = self.upgrade_state(version, state, diags)?;
        Ok(plan::with_defaults(&schema, Encoded::encode(diags, &model)?))
    }
}

/// A stored state, whatever resource it is of.
pub(crate) fn stored_json(json: &[u8], diags: &mut Diagnostics) -> Result<serde_json::Value, Reported> {
    serde_json::from_slice(json)
        .map_err(|_| diags.fail(problems::unreadable("stored state"), "It is not JSON.", AttributePath::root()))
}

fn decode_creation<M: DeserializeOwned, P: DeserializeOwned + Default>(
    request: &Request,
    diags: &mut Diagnostics,
) -> Result<Creation<M, P>, Reported> {
    Ok(Creation {
        planned: request.next.decode(diags, PLANNED)?,
        config: request.config.decode(diags, CONFIG)?,
        private: from_private(diags, &request.private)?,
    })
}

fn decode_update<M: DeserializeOwned, P: DeserializeOwned + Default>(
    request: &Request,
    diags: &mut Diagnostics,
) -> Result<Update<M, P>, Reported> {
    let Creation { planned, config, private } = decode_creation(request, diags)?;
    Ok(Update { prior: request.prior.decode(diags, PRIOR)?, planned, config, private })
}

fn encode<M: Serialize, P: Serialize + Default + PartialEq>(
    diags: &mut Diagnostics,
    state: &State<M, P>,
) -> Result<EncodedState, Reported> {
    Ok((Encoded::encode(diags, &state.model)?, to_private(diags, &state.private)?))
}
