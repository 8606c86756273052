//! The sections "Signature" and "Arguments" of a function's page.

use crate::schema::{Function, Parameter};

/// `name(first string, others string...) set of string`, in a code block.
#[must_use]
pub fn signature(name: &str, function: &Function) -> String {
    let plain = function.parameters.iter().map(|parameter| declared(parameter, ""));
    let variadic = function.variadic_parameter.iter().map(|parameter| declared(parameter, "..."));
    let parameters = plain.chain(variadic).collect::<Vec<_>>().join(", ");
    format!("```text\n{name}({parameters}) {}\n```", function.return_type.in_signature())
}

fn declared(parameter: &Parameter, end: &str) -> String {
    format!("{} {}{end}", parameter.name, parameter.r#type.in_signature())
}

/// A numbered list of the parameters.
#[must_use]
pub fn arguments(function: &Function) -> String {
    let plain = function.parameters.iter().map(|parameter| item(parameter, ""));
    let variadic = function.variadic_parameter.iter().map(|parameter| item(parameter, "Variadic, "));
    plain.chain(variadic).collect::<Vec<_>>().join("\n")
}

fn item(parameter: &Parameter, variadic: &str) -> String {
    let nullable = if parameter.is_nullable { ", Nullable" } else { "" };
    let description = parameter.description.trim();
    format!("1. `{}` ({variadic}{}{nullable}) {description}", parameter.name, parameter.r#type)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn function() -> Function {
        let parameter = json!({"name": "url", "description": "An address.", "type": "string", "is_nullable": true});
        let variadic = json!({"name": "flags", "description": "Flags.", "type": "bool"});
        serde_json::from_value(json!({
            "return_type": ["list", "string"], "parameters": [parameter], "variadic_parameter": variadic,
        }))
        .unwrap()
    }

    #[test]
    fn the_signature_names_types() {
        assert_eq!(signature("host", &function()), "```text\nhost(url string, flags bool...) list of string\n```");
    }

    #[test]
    fn arguments_say_what_is_special() {
        assert_eq!(
            arguments(&function()),
            "1. `url` (String, Nullable) An address.\n1. `flags` (Variadic, Boolean) Flags."
        );
    }
}
