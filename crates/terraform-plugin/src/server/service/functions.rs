//! What Terraform asks of functions.

use tf_provider::Diagnostics;

use super::{Service, dynamic, encoded, provider, tf};
use crate::server::diagnostic::function_error;
use crate::server::lifecycle::expect;
use crate::server::panics::catch;

pub(super) async fn get_functions(service: &Service, _: tf::get_functions::Request) -> tf::get_functions::Response {
    let tf::get_provider_schema::Response { functions, diagnostics, .. } = provider::schemas(service).await;
    tf::get_functions::Response { functions, diagnostics }
}

pub(super) async fn call_function(
    service: &Service,
    request: tf::call_function::Request,
) -> tf::call_function::Response {
    let mut diags = Diagnostics::default();
    let mut result = None;
    if let Ok(function) = service.registry.functions.find(&request.name, &mut diags) {
        let arguments: Vec<_> = request.arguments.into_iter().map(|argument| encoded(Some(argument))).collect();
        let answer = catch(function.call(&arguments, &mut diags)).await;
        result = expect(&mut diags, "calling the function", answer).ok();
    }
    tf::call_function::Response { result: result.map(dynamic), error: function_error(diags, service.info.redact) }
}
