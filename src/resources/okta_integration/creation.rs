//! Creating: looking first, then installing the integration or taking over the one that is there.

use terraform_plugin::timeouts::{self, Operation};
use terraform_plugin::{Creation, Reported, State};
use tf_provider::Diagnostics;
use tokio::sync::Mutex;

use super::course::Course;
use super::existing::{self, Org};
use super::model::Model;
use super::private::Private;
use super::remembered::Remembered;
use super::run::Run;
use super::wanted::Wanted;
use super::{adoption, installation};
use crate::clients::SharedClients;
use crate::http::Freshness;
use crate::okta::sought::Sought;

/// The state of an integration that was installed or taken over.
///
/// # Errors
/// Where neither was done.
pub(super) async fn create(
    clients: &SharedClients,
    installing: &Mutex<()>,
    run: &Run,
    Creation { mut planned, config, .. }: Creation<Model, Private>,
    diags: &mut Diagnostics,
) -> Result<State<Model, Private>, Reported> {
    let okta = clients.until(timeouts::deadline(&planned.timeouts, Operation::Create)).okta(diags)?;
    // The look that follows an installation serves whoever was waiting by then: nothing was installed in between.
    let asked = Freshness::now();
    let _alone = installing.lock().await;
    let sought = Sought::by(config.kind.as_deref_option());
    let removed = run.removed(&okta.domain().origin());
    let org = Org { clients, okta: &okta, others: &[], removed: removed.as_deref() };
    let there = existing::installed(&okta, &sought, asked, diags).await.inspect_err(|_| org.say_what_stands(diags))?;
    let adopted = match Course::of(&there, &planned) {
        Course::Install | Course::InstallBeside(_) => None,
        Course::Adopt(one) => Some(one),
        // Nothing is unknown at apply.
        Course::Refuse(_) | Course::UnknownAdoption | Course::UnknownSecond => {
            return Err(existing::refuse_second(diags, &okta, &there, &planned, ""));
        }
    };
    let default = adopted.map_or_else(Remembered::by_default, Remembered::of_instance);
    Remembered::of(&planned).or(default).fill(&mut planned, &config);
    let wanted = Wanted::expect(&planned, diags)?;
    let private = Private::of(&planned);
    let model = match adopted {
        Some(adopted) => {
            run.adopts(&adopted.id);
            adoption::adopt(&okta, planned, &wanted, adopted, diags).await?
        }
        None => {
            let org = Org { others: &there, ..org };
            installation::install(org, planned, wanted, &config, diags).await?
        }
    };
    Ok(State { model, private })
}
