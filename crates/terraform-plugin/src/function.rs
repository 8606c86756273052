//! A function that expressions can call (Terraform 1.8): for who writes one, a trait of its types; for the server, the same
//! without types.

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tf_provider::Diagnostics;
use tf_provider::schema::FunctionSchema;

use crate::codec::Encoded;
use crate::diagnostics::Reported;

/// A function. It gives the same for the same arguments always, and asks nobody.
#[async_trait]
pub trait Function: Send + Sync + 'static {
    /// The arguments: a tuple, or a list where each has the same type.
    type Input: DeserializeOwned + Send;
    /// The result.
    type Output: Serialize + Send + Sync;

    /// The signature.
    fn signature(&self) -> FunctionSchema;

    /// The result for these arguments.
    ///
    /// # Errors
    /// One on the path `[N]` is about the argument N, counted from zero.
    async fn call(&self, input: Self::Input, diags: &mut Diagnostics) -> Result<Self::Output, Reported>;
}

/// A [`Function`] without its types. Implemented for all of them.
#[async_trait]
pub(crate) trait DynFunction: Send + Sync {
    fn signature(&self) -> FunctionSchema;
    async fn call(&self, arguments: &[Encoded], diags: &mut Diagnostics) -> Result<Encoded, Reported>;
}

#[async_trait]
impl<F: Function> DynFunction for F {
    fn signature(&self) -> FunctionSchema {
        Function::signature(self)
    }

    async fn call(&self, arguments: &[Encoded], diags: &mut Diagnostics) -> Result<Encoded, Reported> {
        let input = Encoded::list(diags, arguments)?.decode(diags, "argument")?;
        let output = Function::call(self, input, diags).await?;
        Encoded::encode(diags, &output)
    }
}
