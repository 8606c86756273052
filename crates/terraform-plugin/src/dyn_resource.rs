//! A resource as the server sees it: a [`Resource`] without its types, which takes and gives encoded values.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tf_provider::{AttributePath, Diagnostics};

use crate::codec::{Encoded, from_private, to_private};
use crate::diagnostics::{Report, Reported};
use crate::identity::IdentityAttribute;
use crate::resource::{Change, Creation, ImportBy, Moved, Resource, State, Update};
use crate::schema::Schema;
use crate::{plan, problems, read_only};

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

/// A [`Resource`] without its types.
#[async_trait]
pub(crate) trait DynResource: Send + Sync {
    fn schema(&self) -> &Schema;
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

/// A resource, and its schema, which is made once: no schema changes while the program runs.
pub(crate) struct Registered<R> {
    resource: R,
    schema: OnceLock<Schema>,
}

impl<R> Registered<R> {
    pub fn new(resource: R) -> Self {
        Self { resource, schema: OnceLock::new() }
    }
}

#[async_trait]
impl<R: Resource> DynResource for Registered<R> {
    fn schema(&self) -> &Schema {
        self.schema.get_or_init(|| self.resource.schema())
    }

    fn validate(&self, config: &Encoded, diags: &mut Diagnostics) -> Result<(), Reported> {
        read_only::refuse(self.schema(), config, diags);
        self.resource.validate(&config.decode(diags, CONFIG)?, diags);
        diags.check()
    }

    async fn plan_create(&self, request: &Request, diags: &mut Diagnostics) -> Result<EncodedPlan, Reported> {
        let filled = plan::of_creation(self.schema(), request.next.clone(), &request.config);
        let creation = decode_creation(request, &filled, diags)?;
        // Nothing that does not exist has private state, but for what a replacement leaves of the plan before.
        let change = if request.private.is_empty() { Change::Create(creation) } else { Change::CreateAgain(creation) };
        let plan = self.resource.modify_plan(change, diags).await?;
        Ok((Encoded::encode(diags, &plan.model)?, to_private(diags, &plan.private)?, Vec::new()))
    }

    async fn plan_update(&self, request: &Request, diags: &mut Diagnostics) -> Result<EncodedPlan, Reported> {
        let schema = self.schema();
        let filled = plan::of_update(schema, request.next.clone(), &request.config);
        let update = decode_update(request, &filled, diags)?;
        let plan = self.resource.modify_plan(Change::Update(update), diags).await?;
        let planned = Encoded::encode(diags, &plan.model)?;
        let mut replace = plan::replacing(schema, &request.prior, &planned);
        replace.extend(plan.replace);
        Ok((planned, to_private(diags, &plan.private)?, replace))
    }

    async fn plan_delete(&self, diags: &mut Diagnostics) -> Result<(), Reported> {
        self.resource.plan_delete(diags).await
    }

    fn confirm_plan(&self, agreed: &[u8], now: &[u8], diags: &mut Diagnostics) -> Result<(), Reported> {
        let (agreed, now) = (from_private(diags, agreed)?, from_private(diags, now)?);
        self.resource.confirm_plan(&agreed, &now, diags);
        diags.check()
    }

    async fn create(&self, request: &Request, diags: &mut Diagnostics) -> Result<EncodedState, Reported> {
        let creation = decode_creation(request, &request.next, diags)?;
        let state = self.resource.create(creation, diags).await?;
        encode(diags, &state)
    }

    async fn read(
        &self,
        state: &Encoded,
        private: &[u8],
        diags: &mut Diagnostics,
    ) -> Result<Option<EncodedState>, Reported> {
        let state = State { model: state.decode(diags, PRIOR)?, private: from_private(diags, private)? };
        let state = self.resource.read(state, diags).await?;
        state.map(|state| encode(diags, &state)).transpose()
    }

    async fn update(&self, request: &Request, diags: &mut Diagnostics) -> Result<EncodedState, Reported> {
        let update = decode_update(request, &request.next, diags)?;
        let state = self.resource.update(update, diags).await?;
        encode(diags, &state)
    }

    async fn delete(&self, request: &Request, diags: &mut Diagnostics) -> Result<(), Reported> {
        let model = request.prior.decode(diags, PRIOR)?;
        let state = State { model, private: from_private(diags, &request.private)? };
        self.resource.delete(state, diags).await
    }

    async fn import(&self, by: ImportBy, diags: &mut Diagnostics) -> Result<EncodedState, Reported> {
        let state = self.resource.import(by, diags).await?;
        let (model, private) = encode(diags, &state)?;
        Ok((plan::with_defaults(self.schema(), model), private))
    }

    fn identity(&self) -> &'static [IdentityAttribute] {
        self.resource.identity()
    }

    fn attributes_of_model(&self, diags: &mut Diagnostics) -> Result<BTreeSet<String>, Reported> {
        plan::attributes_of::<R::Model>(self.schema(), diags)
    }

    fn move_state(&self, from: &Moved, diags: &mut Diagnostics) -> Result<Encoded, Reported> {
        let Some(model) = self.resource.move_state(from, diags)? else {
            return Err(diags.fail(
                problems::cannot_move(),
                format!("This resource cannot take over {} of {}: import it instead.", from.type_name, from.provider),
                AttributePath::root(),
            ));
        };
        Ok(plan::with_defaults(self.schema(), Encoded::encode(diags, &model)?))
    }

    fn upgrade(&self, version: i64, json: &[u8], diags: &mut Diagnostics) -> Result<Encoded, Reported> {
        let schema = self.schema();
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
        let model = self.resource.upgrade_state(version, state, diags)?;
        Ok(plan::with_defaults(schema, Encoded::encode(diags, &model)?))
    }
}

/// A stored state, whatever resource it is of.
pub(crate) fn stored_json(json: &[u8], diags: &mut Diagnostics) -> Result<serde_json::Value, Reported> {
    serde_json::from_slice(json)
        .map_err(|_| diags.fail(problems::unreadable("stored state"), "It is not JSON.", AttributePath::root()))
}

fn decode_creation<M: DeserializeOwned, P: DeserializeOwned + Default>(
    request: &Request,
    planned: &Encoded,
    diags: &mut Diagnostics,
) -> Result<Creation<M, P>, Reported> {
    Ok(Creation {
        planned: planned.decode(diags, PLANNED)?,
        config: request.config.decode(diags, CONFIG)?,
        private: from_private(diags, &request.private)?,
    })
}

fn decode_update<M: DeserializeOwned, P: DeserializeOwned + Default>(
    request: &Request,
    planned: &Encoded,
    diags: &mut Diagnostics,
) -> Result<Update<M, P>, Reported> {
    let Creation { planned, config, private } = decode_creation(request, planned, diags)?;
    Ok(Update { prior: request.prior.decode(diags, PRIOR)?, planned, config, private })
}

fn encode<M: Serialize, P: Serialize + Default + PartialEq>(
    diags: &mut Diagnostics,
    state: &State<M, P>,
) -> Result<EncodedState, Reported> {
    Ok((Encoded::encode(diags, &state.model)?, to_private(diags, &state.private)?))
}
