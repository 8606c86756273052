//! What can be checked of a client and its secret before anybody is asked.

use terraform_plugin::Report;
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::problems::of_links as problems;
use crate::secret::ClientSecret;

/// Checks a client id, where it is known.
pub fn validate_client_id(client_id: &Value<String>, diags: &mut Diagnostics) {
    if let Value::Value(client_id) = client_id
        && !is_client_id(client_id)
    {
        diags.fail_as_listed(problems::invalid_client_id(), AttributePath::new("client_id"));
    }
}

/// Checks a client secret, where it is known. `name` is the attribute that gives it.
pub fn validate_client_secret(name: &'static str, secret: &Value<ClientSecret>, diags: &mut Diagnostics) {
    if let Value::Value(secret) = secret
        && !is_client_secret(secret.expose())
    {
        diags.fail(
            problems::invalid_client_secret(),
            format!(
                "{name} is empty, has a space at an end, or has a line break, a control character or a character outside \
                 ASCII. Copy it again: it may have been cut off, or copied with something else."
            ),
            AttributePath::new(name),
        );
    }
}

fn is_client_id(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| character.is_ascii_graphic())
}

/// What it looks like is Okta's business. OAuth says of what it can consist: printable ASCII (RFC 6749, A.2).
fn is_client_secret(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && text.chars().all(|character| matches!(character, ' '..='~'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_id_is_printable_ascii_without_blanks() {
        for (text, expected) in [
            ("0oa72lrepvp4WqEET1d9", true),
            ("~!", true),
            ("", false),
            ("0oa 1", false),
            ("0oa1\n", false),
            ("0öa", false),
        ] {
            assert_eq!(is_client_id(text), expected, "{text:?}");
            let mut diags = Diagnostics::default();
            validate_client_id(&Value::Value(text.to_owned()), &mut diags);
            assert_eq!(diags.check().is_ok(), expected, "{text:?}");
        }
        let mut diags = Diagnostics::default();
        validate_client_id(&Value::Unknown, &mut diags);
        validate_client_id(&Value::Null, &mut diags);
        validate_client_secret("client_secret", &Value::Unknown, &mut diags);
        validate_client_secret("client_secret", &Value::Null, &mut diags);
        assert!(diags.check().is_ok());
    }

    #[test]
    fn a_client_secret_is_printable_ascii_and_may_have_blanks_within() {
        for (text, expected) in [
            ("a~b-c_d", true),
            ("two words", true),
            ("", false),
            (" before", false),
            ("after ", false),
            ("two\nlines", false),
            ("a\u{7f}", false),
            ("a\u{a0}b", false),
        ] {
            assert_eq!(is_client_secret(text), expected, "{text:?}");
        }
    }
}
