//! A function, typed for who writes it and without types for who serves it.

use async_trait::async_trait;
use tf_provider::schema::FunctionSchema;
use tf_provider::{Diagnostics, Function};

use super::Encoded;

/// A [`Function`] without its types: encoded values in and out. Implemented for all of them.
///
/// The input of a function is a tuple, or a list where each argument has the same type. An error on the path `[N]` is
/// about the argument N, counted from zero.
#[async_trait]
pub trait DynFunction: Send + Sync {
    /// The signature.
    fn schema(&self, diags: &mut Diagnostics) -> Option<FunctionSchema>;

    /// [`Function::call`].
    async fn call(&self, diags: &mut Diagnostics, arguments: &[Encoded]) -> Option<Encoded>;
}

#[async_trait]
impl<F: Function> DynFunction for F {
    fn schema(&self, diags: &mut Diagnostics) -> Option<FunctionSchema> {
        Function::schema(self, diags)
    }

    async fn call(&self, diags: &mut Diagnostics, arguments: &[Encoded]) -> Option<Encoded> {
        let arguments = Encoded::list(diags, arguments)?;
        let input = arguments.decode(diags, "argument")?;
        let output = Function::call(self, diags, input).await?;
        Encoded::encode(diags, &output)
    }
}
