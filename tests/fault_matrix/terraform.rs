//! A small stand-in for Terraform core: it refreshes, plans, applies, destroys and imports as core does, asks the
//! provider in the same order, and checks what core checks.
//!
//! Core starts the provider anew for the plan and for the apply. Here it is configured anew, which makes new clients, new
//! connections and new access tokens, so that the requests are the same.

use std::collections::{BTreeMap, BTreeSet};

use rmpv::Value;
use testkit::client::tfplugin6 as tf;

use crate::configuration::{Configuration, Resource};
use crate::consistency::{inconsistent_final_plan, inconsistent_result, invalid_plan};
use crate::proposal::proposed;
use crate::provider::{Answer, Provider, Schemas, object};
use crate::report::Report;
use crate::state::{Instance, State};
use crate::value::{Object, unknown};

/// One run of Terraform.
pub struct Terraform<'a> {
    provider: &'a mut Provider,
    schemas: &'a Schemas,
    block: &'a Object,
    /// What came of it so far.
    pub report: Report,
}

/// A resource while Terraform runs.
#[derive(Clone)]
struct Live {
    object: Object,
    private: Vec<u8>,
    is_tainted: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Nothing,
    Create,
    Update,
    Replace,
}

struct Change {
    resource: Resource,
    action: Action,
    planned: Object,
    private: Vec<u8>,
}

/// What a plan found, and what it wants.
struct Plan {
    live: BTreeMap<Resource, Live>,
    changes: Vec<Change>,
}

/// The end of a run, or of a branch of it; the report says why.
struct Stopped;

type Step<T> = Result<T, Stopped>;

impl<'a> Terraform<'a> {
    /// A run with a provider block.
    pub fn new(provider: &'a mut Provider, schemas: &'a Schemas, block: &'a Object) -> Self {
        Self { provider, schemas, block, report: Report::default() }
    }

    /// `terraform plan`.
    pub async fn plan(&mut self, config: &Configuration, state: &State) {
        let _ = self.make_plan(config, state).await;
    }

    /// `terraform apply`. A plan that fails leaves the state as it was.
    pub async fn apply(&mut self, config: &Configuration, state: &mut State) {
        if let Ok(mut plan) = self.make_plan(config, state).await {
            let _ = self.carry_out(config, &mut plan).await;
            store(&plan.live, state);
        }
    }

    /// `terraform apply -refresh-only`.
    pub async fn refresh(&mut self, config: &Configuration, state: &mut State) {
        if let Ok(live) = self.look(config, state).await {
            store(&live, state);
        }
    }

    /// `terraform destroy`, which makes an ordinary plan first.
    pub async fn destroy(&mut self, config: &Configuration, state: &mut State) {
        if let Ok(mut plan) = self.make_plan(config, state).await {
            if self.configure().await.is_ok() {
                let all = plan.live.keys().copied().collect();
                self.destroy_all(&all, &mut plan.live).await;
            }
            store(&plan.live, state);
        }
    }

    /// `terraform import`, unless the resource is in the state.
    pub async fn import(&mut self, resource: Resource, id: &str, state: &mut State) {
        if let Ok(live) = self.find(resource, id).await {
            state.insert(resource, Instance::new(&live.object, live.private, false));
        }
    }

    async fn find(&mut self, resource: Resource, id: &str) -> Step<Live> {
        self.configure().await?;
        let answer = self.provider.import(resource, id).await;
        let answer = self.expect(answer)?;
        self.judge(answer.diagnostics)?;
        let [imported] = &answer.imported_resources[..] else {
            return self.bug("an import must give one resource");
        };
        let state = self.decode(resource, imported.state.as_ref())?;
        let Some(state) = state else { return self.bug("an import gave nothing") };
        let live = Live { object: state, private: imported.private.clone(), is_tainted: false };
        match self.read(resource, live).await? {
            Some(live) => Ok(live),
            None => {
                self.report.errors.push("Cannot import non-existent remote object".to_owned());
                Err(Stopped)
            }
        }
    }

    async fn configure(&mut self) -> Step<()> {
        let answer = self.provider.configure(self.block).await;
        let answer = self.expect(answer)?;
        self.judge(answer.diagnostics)
    }

    async fn validate(&mut self, config: &Configuration) -> Step<()> {
        let answer = self.provider.validate_provider(self.block).await;
        let diagnostics = self.expect(answer)?.diagnostics;
        self.judge(diagnostics)?;
        let schemas = self.schemas;
        let names = schemas.resource(Resource::Integration).attributes.keys();
        let integration = names.map(|name| (name.clone(), unknown())).collect();
        for resource in Resource::ALL {
            let config = config.evaluate(resource, schemas.resource(resource), &integration);
            let answer = self.provider.validate(resource, &config).await;
            let diagnostics = self.expect(answer)?.diagnostics;
            self.judge(diagnostics)?;
        }
        Ok(())
    }

    /// Refreshes all that is in the state.
    async fn look(&mut self, config: &Configuration, state: &State) -> Step<BTreeMap<Resource, Live>> {
        self.validate(config).await?;
        self.configure().await?;
        let mut live = BTreeMap::new();
        for (&resource, instance) in state {
            if let Some(found) = self.refresh_one(resource, instance).await? {
                live.insert(resource, found);
            }
        }
        Ok(live)
    }

    async fn make_plan(&mut self, config: &Configuration, state: &State) -> Step<Plan> {
        self.validate(config).await?;
        self.configure().await?;
        let mut plan = Plan { live: BTreeMap::new(), changes: Vec::new() };
        if let Some(instance) = state.get(&Resource::Deposed)
            && let Some(found) = self.refresh_one(Resource::Deposed, instance).await?
        {
            self.report.changes.push("Destroy Deposed".to_owned());
            plan.live.insert(Resource::Deposed, found);
        }
        let mut integration = Object::new();
        for resource in Resource::ALL {
            if let Some(instance) = state.get(&resource)
                && let Some(found) = self.refresh_one(resource, instance).await?
            {
                plan.live.insert(resource, found);
            }
            let config = config.evaluate(resource, self.schemas.resource(resource), &integration);
            let change = self.plan_change(resource, plan.live.get(&resource), &config).await?;
            if change.action != Action::Nothing {
                self.report.changes.push(describe(&change, plan.live.get(&resource)));
            }
            if resource == Resource::Integration {
                integration.clone_from(&change.planned);
            }
            plan.changes.push(change);
        }
        Ok(plan)
    }

    async fn refresh_one(&mut self, resource: Resource, instance: &Instance) -> Step<Option<Live>> {
        let schema = self.schemas.resource(resource);
        let json = instance.attributes.to_string().into_bytes();
        let answer = self.provider.upgrade(resource, schema.version, json).await;
        let answer = self.expect(answer)?;
        self.judge(answer.diagnostics)?;
        let Some(object) = self.decode(resource, answer.upgraded_state.as_ref())? else {
            return self.bug("a state was upgraded to nothing");
        };
        let live = Live { object, private: instance.private.clone(), is_tainted: instance.is_tainted };
        self.read(resource, live).await
    }

    async fn read(&mut self, resource: Resource, live: Live) -> Step<Option<Live>> {
        let answer = self.provider.read(resource, &live.object, live.private).await;
        let answer = self.expect(answer)?;
        self.judge(answer.diagnostics)?;
        let found = self.decode(resource, answer.new_state.as_ref())?;
        Ok(found.map(|object| Live { object, private: answer.private, is_tainted: live.is_tainted }))
    }

    /// Plans a change of one resource; where it has to be replaced, its creation is planned instead.
    async fn plan_change(&mut self, resource: Resource, live: Option<&Live>, config: &Object) -> Step<Change> {
        let prior = live.filter(|live| !live.is_tainted);
        let private = prior.map(|prior| prior.private.clone()).unwrap_or_default();
        let (mut change, replaced) = self.plan_from(resource, prior, private, config).await?;
        let differs = |name: &String| prior.is_some_and(|prior| prior.object.get(name) != change.planned.get(name));
        if replaced.iter().any(differs) {
            (change, _) = self.plan_from(resource, None, change.private, config).await?;
        }
        if live.is_some() && change.action == Action::Create {
            change.action = Action::Replace;
        }
        Ok(change)
    }

    async fn plan_from(
        &mut self,
        resource: Resource,
        prior: Option<&Live>,
        private: Vec<u8>,
        config: &Object,
    ) -> Step<(Change, Vec<String>)> {
        let schema = self.schemas.resource(resource);
        let prior_object = prior.map(|prior| &prior.object);
        let proposal = proposed(schema, prior_object, config);
        let answer = self.provider.plan(resource, prior_object, Some(&proposal), Some(config), private).await;
        let answer = self.expect(answer)?;
        self.judge(answer.diagnostics)?;
        let Some(planned) = self.decode(resource, answer.planned_state.as_ref())? else {
            return self.bug("a plan without a state");
        };
        self.check(invalid_plan(schema, prior_object, config, &planned))?;
        let action = match prior_object {
            None => Action::Create,
            Some(prior) if *prior == planned => Action::Nothing,
            Some(_) => Action::Update,
        };
        let change = Change { resource, action, planned, private: answer.planned_private };
        Ok((change, answer.requires_replace.iter().filter_map(attribute_of).collect()))
    }

    async fn carry_out(&mut self, config: &Configuration, plan: &mut Plan) -> Step<()> {
        self.configure().await?;
        let Plan { live, changes } = plan;
        let goes_last = |change: &Change| change.resource == Resource::Integration && config.creates_first();
        let goes_first = |change: &&Change| change.action == Action::Replace && !goes_last(change);
        let going: BTreeSet<Resource> = changes.iter().filter(goes_first).map(|change| change.resource).collect();
        let mut failed = self.destroy_all(&going, live).await;
        for change in changes.iter().filter(|change| change.action != Action::Nothing) {
            let waits_in_vain = change.resource == Resource::Link && failed.contains(&Resource::Integration);
            if failed.contains(&change.resource) || waits_in_vain {
                continue;
            }
            let old = if change.action == Action::Replace && goes_last(change) {
                live.remove(&change.resource)
            } else {
                None
            };
            if self.change_one(config, change, live).await.is_err() {
                failed.insert(change.resource);
            }
            if let Some(old) = old {
                // Where nothing came into being, the old one is what there is, as before.
                let place = if live.contains_key(&change.resource) { Resource::Deposed } else { change.resource };
                live.insert(place, old);
            }
        }
        // It waits for the link that has to leave it.
        if live.contains_key(&Resource::Deposed) && failed.is_empty() {
            self.destroy_one(Resource::Deposed, live).await?;
        }
        Ok(())
    }

    /// Destroys in the reverse order of dependency. Returns what was not destroyed.
    async fn destroy_all(
        &mut self,
        doomed: &BTreeSet<Resource>,
        live: &mut BTreeMap<Resource, Live>,
    ) -> BTreeSet<Resource> {
        let mut failed = BTreeSet::new();
        for &resource in doomed.iter().rev() {
            let is_used = resource == Resource::Integration && failed.contains(&Resource::Link);
            if is_used || self.destroy_one(resource, live).await.is_err() {
                failed.insert(resource);
            }
        }
        failed
    }

    async fn destroy_one(&mut self, resource: Resource, live: &mut BTreeMap<Resource, Live>) -> Step<()> {
        let doomed = live[&resource].clone();
        let prior = Some(&doomed.object);
        let answer = self.provider.plan(resource, prior, None, None, doomed.private.clone()).await;
        let answer = self.expect(answer)?;
        self.judge(answer.diagnostics)?;
        let answer = self.provider.apply(resource, prior, None, None, answer.planned_private).await;
        let answer = self.expect(answer)?;
        let result = self.decode(resource, answer.new_state.as_ref())?;
        match (self.judge(answer.diagnostics), result) {
            (Ok(()), None) => {
                live.remove(&resource);
                Ok(())
            }
            (Ok(()), Some(_)) => self.bug("the provider left an object after its destruction"),
            (Err(stopped), result) => {
                if let Some(object) = result {
                    live.insert(resource, Live { object, private: answer.private, ..doomed });
                }
                Err(stopped)
            }
        }
    }

    async fn change_one(
        &mut self,
        config: &Configuration,
        change: &Change,
        live: &mut BTreeMap<Resource, Live>,
    ) -> Step<()> {
        let resource = change.resource;
        let schema = self.schemas.resource(resource);
        let integration = live.get(&Resource::Integration).map(|live| live.object.clone()).unwrap_or_default();
        let config = config.evaluate(resource, schema, &integration);
        let prior = live.get(&resource).cloned();
        // With what is known by now; only what was unknown may turn out to be something.
        let again = self.plan_change(resource, prior.as_ref(), &config).await?;
        self.check(inconsistent_final_plan(schema, &change.planned, &again.planned))?;
        match (change.action, again.action) {
            (_, Action::Nothing) => return Ok(()),
            (Action::Update, Action::Update) | (Action::Create | Action::Replace, Action::Create) => {}
            (first, second) => return self.bug(&format!("{first:?} became {second:?} at apply")),
        }
        let prior_object = prior.as_ref().map(|prior| &prior.object);
        let applied = self.provider.apply(resource, prior_object, Some(&again.planned), Some(&config), again.private);
        let answer = applied.await;
        let answer = self.expect(answer)?;
        let result = self.decode(resource, answer.new_state.as_ref())?;
        let outcome = self.judge(answer.diagnostics);
        let is_tainted = match &prior {
            None => outcome.is_err(),
            Some(prior) => outcome.is_err() && prior.is_tainted,
        };
        if let Some(object) = &result {
            live.insert(resource, Live { object: object.clone(), private: answer.private, is_tainted });
        }
        outcome?;
        match result {
            Some(result) => self.check(inconsistent_result(schema, &again.planned, &result)),
            None => self.bug("the provider returned nothing after a change"),
        }
    }

    /// An answer, or the error that there is none.
    fn expect<T>(&mut self, answer: Answer<T>) -> Step<T> {
        answer.map_err(|lost| {
            self.report.errors.push(lost);
            Stopped
        })
    }

    fn judge(&mut self, diagnostics: Vec<tf::Diagnostic>) -> Step<()> {
        if self.report.take(diagnostics) { Ok(()) } else { Err(Stopped) }
    }

    fn check(&mut self, broken: Vec<String>) -> Step<()> {
        let is_fine = broken.is_empty();
        self.report.bugs.extend(broken);
        if is_fine { Ok(()) } else { Err(Stopped) }
    }

    fn bug<T>(&mut self, what: &str) -> Step<T> {
        self.report.bugs.push(what.to_owned());
        Err(Stopped)
    }

    fn decode(&mut self, resource: Resource, value: Option<&tf::DynamicValue>) -> Step<Option<Object>> {
        let decoded = object(self.schemas.resource(resource), value);
        decoded.or_else(|error| self.bug(&format!("an answer does not decode: {error}")))
    }
}

/// Writes the state file.
fn store(live: &BTreeMap<Resource, Live>, state: &mut State) {
    let instance = |live: &Live| Instance::new(&live.object, live.private.clone(), live.is_tainted);
    *state = live.iter().map(|(&resource, live)| (resource, instance(live))).collect();
}

/// The names of what a change changes; its values may be secrets.
fn describe(change: &Change, live: Option<&Live>) -> String {
    if change.action != Action::Update {
        return format!("{:?} {:?}", change.action, change.resource);
    }
    let prior = |name: &String| live.and_then(|live| live.object.get(name)).unwrap_or(&Value::Nil);
    let changed = change.planned.iter().filter(|(name, planned)| prior(name) != *planned);
    let names: Vec<&str> = changed.map(|(name, _)| name.as_str()).collect();
    format!("{:?} {:?}: {}", change.action, change.resource, names.join(", "))
}

/// The attribute at the beginning of a path.
fn attribute_of(path: &tf::AttributePath) -> Option<String> {
    match path.steps.first()?.selector.as_ref()? {
        tf::attribute_path::step::Selector::AttributeName(name) => Some(name.clone()),
        _ => None,
    }
}
