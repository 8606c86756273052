//! The private key of the service app: the argument itself, or the file that it names.

use secrecy::{ExposeSecret, SecretString};
use terraform_plugin::{Report, Reported};
use tf_provider::{AttributePath, Diagnostics};

use super::argument::path;
use super::{file, problems};
use crate::okta::auth::{InvalidKey, PrivateKey};

/// The key itself, or what the file holds that the text names. `argument` is what the user wrote it under.
///
/// # Errors
/// One that says which kind of thing it is instead, and the command that converts it, without any part of it.
pub(super) fn read(text: &SecretString, argument: &str, diags: &mut Diagnostics) -> Result<PrivateKey, Reported> {
    let text = text.expose_secret();
    let why = |whose: String, error: InvalidKey, path: Option<&str>| match error.cure(path) {
        Some(cure) => format!("{whose} {error}. {cure}"),
        None => format!("{whose} {error}."),
    };
    let key = match PrivateKey::path(text) {
        None => PrivateKey::parse(text).map_err(|error| why(argument.to_owned(), error, None)),
        Some(path) => {
            let shown = file::in_shell(path);
            match file::read(path) {
                Ok(key) => PrivateKey::parse(&*key)
                    .map_err(|error| why(format!("The file {shown}, which {argument} names,"), error, Some(&shown))),
                Err(error) if file::is_surely_path(path) => Err(format!(
                    "{argument} names the file {shown}, which cannot be read: {}",
                    file::explain(path, &error)
                )),
                Err(_) => Err(format!(
                    "{argument} has {} characters, which are neither a private key in PEM, nor a JWK, nor one of them in \
                     base64, nor the path of a file that is there. They are not shown, as they may be a part of a key.",
                    path.chars().count()
                )),
            }
        }
    };
    // A variable has no line in the configuration.
    let is_in_block = argument == "okta.private_key";
    let attribute = if is_in_block { path("okta").attribute("private_key") } else { AttributePath::root() };
    key.map_err(|problem| diags.fail(problems::invalid_private_key(), problem, attribute))
}
