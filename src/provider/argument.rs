//! An argument of the provider block, or the environment variable that stands in for it.

use std::ffi::OsString;

use secrecy::{ExposeSecret, SecretString};
use terraform_plugin::{Report, Reported};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::problems;
use crate::redaction;

/// Looks up an environment variable, which may hold bytes that are no text.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// An argument after the fall-back to the environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Argument<T> {
    /// In the configuration, or in the named environment variable.
    Known(T, Option<&'static str>),
    Unknown,
    Nothing,
}

/// A number within its bounds. `name` is what the user wrote it under.
///
/// # Errors
/// One that it is out of them.
pub(super) fn whole_number(
    value: &Value<f64>,
    (least, most): (f64, f64),
    name: &'static str,
    attribute: AttributePath,
    diags: &mut Diagnostics,
) -> Result<Argument<u32>, Reported> {
    match value {
        Value::Null => Ok(Argument::Nothing),
        Value::Unknown => Ok(Argument::Unknown),
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the bounds were checked")]
        Value::Value(number) if number.fract() == 0.0 && (least..=most).contains(number) => {
            Ok(Argument::Known(*number as u32, None))
        }
        Value::Value(number) => Err(diags.fail(
            problems::invalid(name),
            format!("{name} is {number}; it must be a whole number from {least} to {most}."),
            attribute,
        )),
    }
}

/// A text from the configuration, else from `variable`, if that is set and not blank.
///
/// # Errors
/// One that it is an empty text, or that the variable holds no text.
pub(super) fn text(
    value: &Value<String>,
    variable: &'static str,
    environment: Environment<'_>,
    attribute: AttributePath,
    diags: &mut Diagnostics,
) -> Result<Argument<String>, Reported> {
    resolve(value, String::as_str, variable, environment, attribute, diags)
}

/// [`text`] for a credential.
///
/// # Errors
/// Those of [`text`].
pub(super) fn secret(
    value: &Value<SecretString>,
    variable: &'static str,
    environment: Environment<'_>,
    attribute: AttributePath,
    diags: &mut Diagnostics,
) -> Result<Argument<SecretString>, Reported> {
    resolve(value, |secret| secret.expose_secret(), variable, environment, attribute, diags)
}

/// [`secret`] for one that is sent in a header, where blanks and line breaks come from a careless copy.
///
/// # Errors
/// Those of [`text`], or one on such characters.
pub(super) fn token(
    value: &Value<SecretString>,
    variable: &'static str,
    environment: Environment<'_>,
    attribute: AttributePath,
    diags: &mut Diagnostics,
) -> Result<Argument<SecretString>, Reported> {
    let found = secret(value, variable, environment, attribute.clone(), diags)?;
    if let Argument::Known(secret, variable) = &found {
        redaction::hold(secret.expose_secret());
        expect_printable(secret.expose_secret(), *variable, attribute, diags)?;
    }
    Ok(found)
}

/// [`text`] for an id, likewise.
///
/// # Errors
/// Those of [`token`].
pub(super) fn identifier(
    value: &Value<String>,
    variable: &'static str,
    environment: Environment<'_>,
    attribute: AttributePath,
    diags: &mut Diagnostics,
) -> Result<Argument<String>, Reported> {
    let found = text(value, variable, environment, attribute.clone(), diags)?;
    if let Argument::Known(id, variable) = &found {
        expect_printable(id, *variable, attribute, diags)?;
    }
    Ok(found)
}

/// What a variable holds, unless it is not set or blank.
///
/// # Errors
/// One that it is no text.
pub(super) fn from_environment(
    variable: &'static str,
    environment: Environment<'_>,
    diags: &mut Diagnostics,
) -> Result<Argument<String>, Reported> {
    match environment(variable).map(OsString::into_string) {
        Some(Ok(text)) if !text.trim().is_empty() => Ok(Argument::Known(text, Some(variable))),
        Some(Err(_)) => Err(diags.fail(
            problems::not_utf8(variable),
            format!(
                "The environment variable {variable} is set to bytes that are not UTF-8 text, so it may have been damaged \
                 on its way. They are not shown. Set it again, or unset it."
            ),
            // A variable has no line in the configuration.
            AttributePath::root(),
        )),
        _ => Ok(Argument::Nothing),
    }
}

/// Whether a variable is set to more than blanks, be it text or not.
pub(super) fn is_set(variable: &str, environment: Environment<'_>) -> bool {
    environment(variable).is_some_and(|value| value.to_str().is_none_or(|text| !text.trim().is_empty()))
}

/// The path of an argument of the provider block.
pub(super) fn path(name: &'static str) -> AttributePath {
    AttributePath::new(name)
}

fn resolve<T: Clone + From<String>>(
    value: &Value<T>,
    expose: impl Fn(&T) -> &str,
    variable: &'static str,
    environment: Environment<'_>,
    attribute: AttributePath,
    diags: &mut Diagnostics,
) -> Result<Argument<T>, Reported> {
    match value {
        Value::Unknown => Ok(Argument::Unknown),
        Value::Value(value) if expose(value).trim().is_empty() => {
            let name = attribute.to_string();
            let detail = format!("{name} is an empty text. Leave it out to use {variable}, or give a value.");
            Err(diags.fail(problems::empty(&name), detail, attribute))
        }
        Value::Value(value) => Ok(Argument::Known(value.clone(), None)),
        Value::Null => Ok(match from_environment(variable, environment, diags)? {
            Argument::Known(text, variable) => Argument::Known(text.into(), variable),
            Argument::Unknown => Argument::Unknown,
            Argument::Nothing => Argument::Nothing,
        }),
    }
}

fn expect_printable(
    text: &str,
    variable: Option<&'static str>,
    attribute: AttributePath,
    diags: &mut Diagnostics,
) -> Result<(), Reported> {
    if text.chars().all(|character| character.is_ascii_graphic()) {
        return Ok(());
    }
    // A variable has no line in the configuration.
    let (name, attribute) = match variable {
        Some(variable) => (variable.to_owned(), AttributePath::root()),
        None => (attribute.to_string(), attribute),
    };
    Err(diags.fail(
        problems::invalid(&name),
        format!(
            "{name} holds blanks, line breaks or characters outside ASCII: it may have been copied with more than itself."
        ),
        attribute,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const VARIABLE: &str = "DRUVA_API_URL";

    fn found(value: &Value<String>, set: Option<&str>) -> Result<Argument<String>, String> {
        let environment = |name: &str| set.filter(|_| name == VARIABLE).map(OsString::from);
        let mut diags = Diagnostics::default();
        let found = identifier(value, VARIABLE, &environment, path("api_url"), &mut diags);
        assert_eq!(found.is_ok(), diags.errors.is_empty(), "{diags:?}");
        found.map_err(|_| format!("{}: {}", diags.errors[0].attribute, diags.errors[0].summary))
    }

    #[test]
    fn the_configuration_counts_then_the_variable() {
        use Argument::{Known, Nothing, Unknown};
        let text = |text: &str| Value::Value(text.to_owned());
        let known = |text: &str, variable| Ok(Known(text.to_owned(), variable));
        let wrong = |text: &str| Err(text.to_owned());
        for (name, value, set, expected) in [
            ("neither", Value::Null, None, Ok(Nothing)),
            ("a blank variable", Value::Null, Some(" "), Ok(Nothing)),
            ("the variable", Value::Null, Some("set"), known("set", Some(VARIABLE))),
            ("the argument", text("given"), None, known("given", None)),
            ("both", text("given"), Some("set"), known("given", None)),
            ("known later, whatever the variable says", Value::Unknown, Some("set"), Ok(Unknown)),
            ("an empty argument", text(" "), Some("set"), wrong("api_url: Empty api_url")),
            ("a blank in the argument", text("a b"), None, wrong("api_url: Invalid api_url")),
            ("a blank in the variable", Value::Null, Some("a b"), wrong(": Invalid DRUVA_API_URL")),
            ("a line break", Value::Null, Some("ab\n"), wrong(": Invalid DRUVA_API_URL")),
            ("not ASCII", text("ä"), None, wrong("api_url: Invalid api_url")),
        ] {
            assert_eq!(found(&value, set), expected, "{name}");
        }
    }
}
