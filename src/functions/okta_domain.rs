//! `okta_domain(url)`: the host of an Okta org in the one spelling that the provider compares by.

use async_trait::async_trait;
use terraform_plugin::{Function, Report, Reported};
use tf_provider::schema::{Description, FunctionSchema, Parameter, Type};
use tf_provider::{AttributePath, Diagnostics};

use crate::diagnostics::problems;
use crate::domain::OktaDomain;

/// The function.
pub struct OktaDomainFunction;

#[async_trait]
impl Function for OktaDomainFunction {
    type Input = (String,);
    type Output = String;

    fn signature(&self) -> FunctionSchema {
        FunctionSchema {
            parameters: vec![Parameter {
                name: "url".to_owned(),
                param_type: Type::String,
                description: Description::plain("Address of an Okta org, as a URL or a host."),
                ..Parameter::default()
            }],
            return_type: Type::String,
            summary: "The host of an Okta org, in one spelling".to_owned(),
            description: Description::markdown(
                "Gives the host of an Okta org, in lower case and without the `-admin` of its Admin Console: \
                 `https://Example-admin.okta.com/` becomes `example.okta.com`. What is no address of an org is an error.",
            ),
            ..FunctionSchema::default()
        }
    }

    async fn call(&self, (url,): (String,), diags: &mut Diagnostics) -> Result<String, Reported> {
        host(&url, diags)
    }
}

fn host(url: &str, diags: &mut Diagnostics) -> Result<String, Reported> {
    match OktaDomain::parse(url) {
        Ok(domain) => Ok(domain.host().to_owned()),
        Err(error) => {
            let detail = format!("the address {error}");
            Err(diags.fail(problems::invalid_domain(), detail, AttributePath::root().index(0)))
        }
    }
}
