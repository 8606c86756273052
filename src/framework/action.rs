//! An action: something that Terraform does and that leaves no object behind (1.14).

use async_trait::async_trait;
use serde::de::DeserializeOwned;
use tf_provider::Diagnostics;
use tf_provider::schema::Schema;
use tokio::sync::mpsc;

use super::{Encoded, read_only};

/// Says how far an action is. Terraform shows each message as a line.
#[derive(Clone)]
pub struct Progress(mpsc::UnboundedSender<String>);

impl Progress {
    /// Hands all messages to the receiver, which ends when the last clone of this is dropped.
    #[must_use]
    pub fn channel() -> (Self, mpsc::UnboundedReceiver<String>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), receiver)
    }

    /// Says it. Where nobody listens any more, the action goes on all the same.
    pub fn say(&self, message: impl Into<String>) {
        let _ = self.0.send(message.into());
    }
}

/// What `tf-provider` has no trait for.
#[async_trait]
pub trait Action: Send + Sync {
    /// The configuration. In a plan some of it may be unknown.
    type Config: DeserializeOwned + Send;

    /// The schema.
    fn schema(&self) -> Schema;

    /// The names of the arguments that take ephemeral values, and that no plan keeps.
    fn write_only(&self) -> &'static [&'static str] {
        &[]
    }

    /// Checks the configuration; errors go to `diags`.
    async fn validate(&self, diags: &mut Diagnostics, config: Self::Config) -> Option<()>;

    /// Says in the plan what would go wrong. Changes nothing.
    async fn plan(&self, diags: &mut Diagnostics, config: Self::Config) -> Option<()>;

    /// Does it.
    async fn invoke(&self, diags: &mut Diagnostics, config: Self::Config, progress: &Progress) -> Option<()>;
}

/// An [`Action`] without its types: encoded values in. Implemented for all of them.
#[async_trait]
pub trait DynAction: Send + Sync {
    /// The schema.
    fn schema(&self) -> Schema;

    /// [`Action::write_only`].
    fn write_only(&self) -> &'static [&'static str];

    /// [`Action::validate`].
    async fn validate(&self, diags: &mut Diagnostics, config: &Encoded) -> Option<()>;

    /// [`Action::plan`].
    async fn plan(&self, diags: &mut Diagnostics, config: &Encoded) -> Option<()>;

    /// [`Action::invoke`].
    async fn invoke(&self, diags: &mut Diagnostics, config: &Encoded, progress: &Progress) -> Option<()>;
}

const CONFIG: &str = "configuration";

#[async_trait]
impl<A: Action> DynAction for A {
    fn schema(&self) -> Schema {
        Action::schema(self)
    }

    fn write_only(&self) -> &'static [&'static str] {
        Action::write_only(self)
    }

    async fn validate(&self, diags: &mut Diagnostics, config: &Encoded) -> Option<()> {
        read_only::refuse(&Action::schema(self), config, diags);
        let config = config.decode(diags, CONFIG)?;
        Action::validate(self, diags, config).await
    }

    async fn plan(&self, diags: &mut Diagnostics, config: &Encoded) -> Option<()> {
        validate_again(self, diags, config).await?;
        let config = config.decode(diags, CONFIG)?;
        Action::plan(self, diags, config).await
    }

    async fn invoke(&self, diags: &mut Diagnostics, config: &Encoded, progress: &Progress) -> Option<()> {
        validate_again(self, diags, config).await?;
        let config = config.decode(diags, CONFIG)?;
        Action::invoke(self, diags, config, progress).await
    }
}

/// When Terraform validates, a value that comes from a variable is unknown; it does not validate again when it is known.
async fn validate_again<A: Action>(action: &A, diags: &mut Diagnostics, config: &Encoded) -> Option<()> {
    let config = config.decode(diags, CONFIG)?;
    Action::validate(action, diags, config).await
}
