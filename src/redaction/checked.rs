//! For serde: members of answers that stay as they are, and are an error where they hold what they must not.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::fit::{Unfit, fit, fit_id, fit_word};
use super::held::hold_hash;

/// An id of the server's.
///
/// # Errors
/// What does not look like an id, or holds a secret.
pub fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let id = String::deserialize(deserializer)?;
    fit_id(&id).map_err(D::Error::custom)?;
    Ok(id)
}

/// A key, a name or an address: see [`fit_word`].
///
/// # Errors
/// Control characters and secrets.
pub fn word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let word = String::deserialize(deserializer)?;
    fit_word(&word).map_err(D::Error::custom)?;
    Ok(word)
}

/// A set of [`word`].
///
/// # Errors
/// Those of [`word`].
pub fn words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeSet<String>, D::Error> {
    let words = BTreeSet::deserialize(deserializer)?;
    words.iter().try_for_each(|word: &String| fit_word(word)).map_err(D::Error::custom)?;
    Ok(words)
}

/// The hash of a secret, which is held from now on.
///
/// # Errors
/// Those of [`fit`].
pub fn hash<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let hash = String::deserialize(deserializer)?;
    fit(&hash).map_err(D::Error::custom)?;
    hold_hash(&hash);
    Ok(hash)
}

/// Values by their names, as texts: each is a text, an object with a text as its `value`, or shown as JSON.
///
/// # Errors
/// Those of [`fit_word`]: they are stored, also by a process that does not hold what a server puts there.
pub fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    let values = Option::<BTreeMap<String, Value>>::deserialize(deserializer)?.unwrap_or_default();
    let text = |value: Value| {
        let plain = value.as_str().or_else(|| value.get("value")?.as_str());
        plain.map_or_else(|| value.to_string(), str::to_owned)
    };
    let texts = values.into_iter().map(|(name, value)| (name, text(value)));
    let unfit = |error: Unfit| D::Error::custom(error);
    texts
        .map(|(name, text)| fit_word(&name).and_then(|()| fit_word(&text)).map(|()| (name, text)).map_err(unfit))
        .collect()
}

/// What an error of these functions says, without what other libraries add to it.
pub fn reason(error: &impl Display) -> Option<Unfit> {
    let text = error.to_string();
    Unfit::ALL.into_iter().find(|unfit| text.starts_with(&unfit.to_string()))
}
