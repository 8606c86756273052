//! An action: something that Terraform does and that leaves no object behind (1.14).

use async_trait::async_trait;
use serde::de::DeserializeOwned;
use tf_provider::Diagnostics;
use tokio::sync::mpsc;

use crate::codec::Encoded;
use crate::diagnostics::{Report, Reported};
use crate::read_only;
use crate::schema::Schema;

/// Says how far an action is. Terraform shows each message as a line.
#[derive(Clone)]
pub struct Progress(mpsc::UnboundedSender<String>);

impl Progress {
    /// Hands all messages to the receiver, which ends when the last clone of this is dropped.
    #[must_use]
    pub(crate) fn channel() -> (Self, mpsc::UnboundedReceiver<String>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), receiver)
    }

    /// Says it. Where nobody listens any more, the action goes on all the same.
    pub fn say(&self, message: impl Into<String>) {
        let _ = self.0.send(message.into());
    }
}

/// An action.
#[async_trait]
pub trait Action: Send + Sync + 'static {
    /// The configuration. In a plan some of it may be unknown.
    type Config: DeserializeOwned + Send + Sync;

    /// The schema. A write-only argument takes ephemeral values.
    fn schema(&self) -> Schema;

    /// Checks the configuration. Asks nobody. It is called again when all values are known.
    fn validate(&self, config: &Self::Config, diags: &mut Diagnostics) {
        let _ = (config, diags);
    }

    /// Says in the plan what would go wrong. Changes nothing.
    ///
    /// # Errors
    /// What would go wrong.
    async fn plan(&self, config: Self::Config, diags: &mut Diagnostics) -> Result<(), Reported> {
        let _ = (config, diags);
        Ok(())
    }

    /// Does it.
    ///
    /// # Errors
    /// What went wrong.
    async fn invoke(&self, config: Self::Config, progress: &Progress, diags: &mut Diagnostics) -> Result<(), Reported>;
}

/// An [`Action`] without its types. Implemented for all of them.
#[async_trait]
pub(crate) trait DynAction: Send + Sync {
    fn schema(&self) -> Schema;
    fn validate(&self, config: &Encoded, diags: &mut Diagnostics) -> Result<(), Reported>;
    async fn plan(&self, config: &Encoded, diags: &mut Diagnostics) -> Result<(), Reported>;
    async fn invoke(&self, config: &Encoded, progress: &Progress, diags: &mut Diagnostics) -> Result<(), Reported>;
}

const CONFIG: &str = "configuration";

#[async_trait]
impl<A: Action> DynAction for A {
    fn schema(&self) -> Schema {
        Action::schema(self)
    }

    fn validate(&self, config: &Encoded, diags: &mut Diagnostics) -> Result<(), Reported> {
        read_only::refuse(&Action::schema(self), config, diags);
        decode_valid(self, config, diags).map(drop)
    }

    async fn plan(&self, config: &Encoded, diags: &mut Diagnostics) -> Result<(), Reported> {
        let config = decode_valid(self, config, diags)?;
        Action::plan(self, config, diags).await
    }

    async fn invoke(&self, config: &Encoded, progress: &Progress, diags: &mut Diagnostics) -> Result<(), Reported> {
        let config = decode_valid(self, config, diags)?;
        Action::invoke(self, config, progress, diags).await
    }
}

/// When Terraform validates, a value that comes from a variable is unknown; it does not validate again when it is known.
fn decode_valid<A: Action>(action: &A, config: &Encoded, diags: &mut Diagnostics) -> Result<A::Config, Reported> {
    let config = config.decode(diags, CONFIG)?;
    Action::validate(action, &config, diags);
    diags.check()?;
    Ok(config)
}
