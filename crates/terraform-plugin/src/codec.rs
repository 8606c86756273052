//! Values as Terraform sends them (MessagePack, seldom JSON) to Rust types and back.
//!
//! A value may hold a secret: no message of this file quotes one, and the buffers are overwritten when they are dropped.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rmpv::Value as Tree;
use serde::de::{DeserializeOwned, DeserializeSeed, IgnoredAny};
use serde::{Deserialize, Serialize};
use tf_provider::{AttributePath, Diagnostics};
use zeroize::Zeroizing;

use crate::diagnostics::{Report, Reported};
use crate::identity::{IdentityAttribute, IdentityOf};
use crate::problems;

const NIL: &[u8] = &[0xc0];
/// No schema nests values as deeply as this. A value that is deeper is refused before it exhausts the stack, of which a
/// main thread has a megabyte on Windows.
const DEEPEST: usize = 16;

/// How an [`Encoded`] value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// MessagePack, where an extension stands for an unknown value.
    MessagePack,
    /// JSON, which cannot hold an unknown value.
    Json,
}

/// A value of Terraform, not decoded yet. It is overwritten when it is dropped, because it may hold a secret.
#[derive(Clone)]
pub struct Encoded {
    format: Format,
    bytes: Zeroizing<Vec<u8>>,
}

impl Encoded {
    /// The value `null`.
    pub fn null() -> Self {
        Self::new(Format::MessagePack, NIL.to_vec())
    }

    /// A value from its bytes; no bytes at all mean `null`.
    pub fn new(format: Format, bytes: Vec<u8>) -> Self {
        if bytes.is_empty() {
            return Self::null();
        }
        let bytes = Zeroizing::new(bytes);
        Self { format, bytes }
    }

    /// Encodes `value`.
    ///
    /// # Errors
    /// A mistake in the provider.
    pub fn encode<T: Serialize>(diags: &mut Diagnostics, value: &T) -> Result<Self, Reported> {
        let encoded = rmp_serde::to_vec_named(value).ok().map(|bytes| Self::new(Format::MessagePack, bytes));
        encoded.ok_or_else(|| diags.fail_as_listed(problems::not_encoded(), AttributePath::root()))
    }

    /// Decodes the value; `what` says what was read.
    ///
    /// # Errors
    /// One on the attribute that did not fit.
    pub fn decode<T: DeserializeOwned>(&self, diags: &mut Diagnostics, what: &str) -> Result<T, Reported> {
        let Some(encoded) = self.as_message_pack() else { return Err(misfit(diags, what, AttributePath::root())) };
        // Where it does not fit is looked for afterwards: whoever keeps count of the place pays for that with each value, and
        // with a second copy of the program for each type.
        T::deserialize(&mut reader(&encoded.bytes)).map_err(|_| misfit(diags, what, encoded.misplaced::<T>()))
    }

    fn misplaced<T: DeserializeOwned>(&self) -> AttributePath {
        let fits = |tree: &Tree| Self::of_value(tree).is_some_and(|it| T::deserialize(&mut reader(&it.bytes)).is_ok());
        self.to_value().map_or(AttributePath::root(), |tree| misplaced(&tree, &fits, AttributePath::root()))
    }

    /// The same value as MessagePack. JSON is seldom, and a reader of both for each model would be a part of the program that
    /// is hardly ever used. The tree in between is overwritten only by an allocator that does so. None where it is no JSON.
    fn as_message_pack(&self) -> Option<Cow<'_, Self>> {
        match self.format {
            Format::MessagePack => Some(Cow::Borrowed(self)),
            Format::Json => Self::of_json(&serde_json::from_slice(&self.bytes).ok()?).map(Cow::Owned),
        }
    }

    fn of_json(value: &serde_json::Value) -> Option<Self> {
        Some(Self::new(Format::MessagePack, rmp_serde::to_vec(value).ok()?))
    }

    /// The list of these values, which is as Terraform sends the arguments of a function.
    ///
    /// # Errors
    /// One that an argument is not MessagePack.
    pub(crate) fn list(diags: &mut Diagnostics, elements: &[Self]) -> Result<Self, Reported> {
        let mut bytes = Vec::new();
        let length = u32::try_from(elements.len()).unwrap_or(u32::MAX);
        let is_begun = rmp::encode::write_array_len(&mut bytes, length).is_ok();
        if !is_begun || elements.iter().any(|element| element.format == Format::Json) {
            return Err(misfit(diags, "argument", AttributePath::root()));
        }
        bytes.extend(elements.iter().flat_map(|element| element.bytes.iter()));
        Ok(Self::new(Format::MessagePack, bytes))
    }

    /// The value without a type.
    pub(crate) fn to_value(&self) -> Option<rmpv::Value> {
        let encoded = self.as_message_pack()?;
        rmpv::decode::read_value_with_max_depth(&mut encoded.bytes.as_slice(), DEEPEST).ok()
    }

    /// A value without a type.
    pub(crate) fn of_value(value: &rmpv::Value) -> Option<Self> {
        let mut bytes = Vec::new();
        rmpv::encode::write_value(&mut bytes, value).ok()?;
        Some(Self::new(Format::MessagePack, bytes))
    }

    /// Whether this is `null`.
    pub fn is_null(&self) -> bool {
        match self.format {
            Format::MessagePack => self.bytes.as_slice() == NIL,
            Format::Json => self.bytes.trim_ascii() == b"null",
        }
    }

    /// The names of the attributes of this object that are not null, sorted. Looks at no value.
    pub fn given(&self) -> BTreeSet<String> {
        let encoded = self.as_message_pack();
        let attributes: Option<BTreeMap<&str, Option<IgnoredAny>>> =
            encoded.as_ref().and_then(|encoded| Deserialize::deserialize(&mut reader(&encoded.bytes)).ok());
        let attributes = attributes.unwrap_or_default().into_iter();
        attributes.filter(|(_, value)| value.is_some()).map(|(name, _)| name.to_owned()).collect()
    }

    /// The identity within this state; None where a part of it is null or unknown.
    pub fn identity(&self, attributes: &[IdentityAttribute]) -> Option<Self> {
        let found = IdentityOf(attributes).deserialize(&mut reader(&self.as_message_pack()?.bytes)).ok()?;
        let is_whole = !attributes.is_empty() && found.len() == attributes.len();
        is_whole.then(|| Self::encode(&mut Diagnostics::default(), &found).ok()).flatten()
    }

    /// Whether the bytes are MessagePack or JSON.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The bytes as they are.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes, for the wire.
    pub fn into_bytes(mut self) -> Vec<u8> {
        std::mem::take(&mut *self.bytes)
    }
}

/// Decodes a state that was stored as JSON: what [`Resource::upgrade_state`](crate::Resource::upgrade_state) does unless
/// it is told otherwise, and what an implementation of it ends with after it has put an older state's JSON right.
///
/// # Errors
/// One on the attribute that did not fit.
pub fn decode_stored<T: DeserializeOwned>(diags: &mut Diagnostics, state: &serde_json::Value) -> Result<T, Reported> {
    const WHAT: &str = "stored state";
    match Encoded::of_json(state) {
        Some(encoded) => encoded.decode(diags, WHAT),
        None => Err(misfit(diags, WHAT, AttributePath::root())),
    }
}

/// Decodes private state, which is MessagePack or empty. What is empty is the default.
pub(crate) fn from_private<'a, T: Deserialize<'a> + Default>(
    diags: &mut Diagnostics,
    private: &'a [u8],
) -> Result<T, Reported> {
    let bytes = if private.is_empty() { NIL } else { private };
    let decoded = Option::<T>::deserialize(&mut reader(bytes));
    decoded.map(Option::unwrap_or_default).map_err(|_| misfit(diags, "private state", AttributePath::root()))
}

/// Encodes private state. The default is no bytes, so that nothing is stored for a resource that needs none.
pub(crate) fn to_private<T: Serialize + Default + PartialEq>(
    diags: &mut Diagnostics,
    private: &T,
) -> Result<Vec<u8>, Reported> {
    if *private == T::default() {
        return Ok(Vec::new());
    }
    Ok(Encoded::encode(diags, private)?.into_bytes())
}

fn reader(bytes: &[u8]) -> rmp_serde::Deserializer<rmp_serde::decode::ReadRefReader<'_, [u8]>> {
    let mut reader = rmp_serde::Deserializer::from_read_ref(bytes);
    reader.set_max_depth(DEEPEST);
    reader
}

fn misfit(diags: &mut Diagnostics, what: &str, attribute: AttributePath) -> Reported {
    if what.ends_with("configuration") && !attribute.steps.is_empty() {
        return diags.fail(
            problems::invalid_value(&attribute),
            format!(
                "{attribute} has a value that no provider can use, such as a number with a fraction, or one too large."
            ),
            attribute,
        );
    }
    let place = if attribute.steps.is_empty() { String::new() } else { format!(" at {attribute}") };
    diags.fail(
        problems::unreadable(what),
        format!(
            "The {what} does not have the type that this version of the provider expects{place}. If it was written \
             by another version of the provider, use that version or a newer one."
        ),
        attribute,
    )
}

/// Where the part of `value` is that keeps it from fitting: with null in the place of all beside it, it still does not.
fn misplaced(value: &Tree, fits: &dyn Fn(&Tree) -> bool, path: AttributePath) -> AttributePath {
    let parts: Vec<&Tree> = match value {
        Tree::Map(entries) => entries.iter().map(|(_, part)| part).collect(),
        Tree::Array(elements) => elements.iter().collect(),
        _ => return path,
    };
    let with_only = |number: usize, part: &Tree| {
        let at = |place| if place == number { part.clone() } else { Tree::Nil };
        match value {
            Tree::Map(entries) => {
                Tree::Map((0..).zip(entries).map(|(place, (key, _))| (key.clone(), at(place))).collect())
            }
            // Alone, because a list may be long.
            _ => Tree::Array(if number < parts.len() { vec![part.clone()] } else { Vec::new() }),
        }
    };
    if !fits(&with_only(parts.len(), &Tree::Nil)) {
        return path;
    }
    for (number, part) in parts.iter().enumerate() {
        let part_fits = |part: &Tree| fits(&with_only(number, part));
        if !part_fits(part) {
            let path = match value {
                Tree::Map(entries) => path.attribute(entries[number].0.as_str().unwrap_or_default().to_owned()),
                _ => path.index(i64::try_from(number).unwrap_or(i64::MAX)),
            };
            return misplaced(part, &part_fits, path);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use tf_provider::value::{Value, ValueBool, ValueList, ValueNumber, ValueString};

    use super::*;

    #[derive(Serialize, Deserialize, Default, Debug, PartialEq)]
    #[serde(default)]
    struct Model {
        name: Value<String>,
        count: ValueNumber,
        on: ValueBool,
        tags: ValueList<Value<String>>,
    }

    /// A map of one attribute, whose value is given as MessagePack.
    fn one(name: &str, value: &[u8]) -> Encoded {
        let mut bytes = vec![0x81, 0xa0 | u8::try_from(name.len()).expect("a short name")];
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(value);
        Encoded::new(Format::MessagePack, bytes)
    }

    #[test]
    fn a_model_survives_the_way_there_and_back() {
        let mut diags = Diagnostics::default();
        let model = Model {
            name: Value::Value("n".into()),
            count: Value::Unknown,
            on: Value::Null,
            tags: Value::Value(vec![Value::Value("t".into()), Value::Unknown]),
        };
        let encoded = Encoded::encode(&mut diags, &model).expect("encodes");
        assert_eq!(encoded.decode::<Model>(&mut diags, "state").ok(), Some(model));
        assert!(diags.errors.is_empty());
    }

    #[test]
    fn an_attribute_is_given_unless_it_is_null() {
        let mut diags = Diagnostics::default();
        let model = Model { name: Value::Value("n".into()), count: Value::Unknown, ..Model::default() };
        let encoded = Encoded::encode(&mut diags, &model).expect("encodes");
        assert_eq!(encoded.given().into_iter().collect::<Vec<_>>(), ["count", "name"]);
        assert!(Encoded::null().given().is_empty());
        assert!(Encoded::new(Format::Json, br#"{"name":"n"}"#.to_vec()).given().contains("name"));
    }

    #[test]
    fn an_unknown_value_is_read_with_and_without_refinements() {
        // fixext 1 of type 0 is what Terraform sends for a plain unknown value; type 12 carries what is known about
        // it already, here a map {1: false} that says "not null", and {2: "https://"} that gives a prefix.
        let plain: &[u8] = &[0xd4, 0x00, 0x00];
        let not_null: &[u8] = &[0xc7, 0x03, 0x0c, 0x81, 0x01, 0xc2];
        let prefix: &[u8] =
            &[0xc7, 0x0d, 0x0c, 0x82, 0x01, 0xc2, 0x02, 0xa8, b'h', b't', b't', b'p', b's', b':', b'/', b'/'];
        for bytes in [plain, not_null, prefix] {
            let mut diags = Diagnostics::default();
            let read = |name| one(name, bytes).decode::<Model>(&mut Diagnostics::default(), "state").expect("decodes");
            assert!(read("name").name.is_unknown());
            assert!(read("count").count.is_unknown());
            assert!(read("on").on.is_unknown());
            assert!(read("tags").tags.is_unknown());
            let borrowed = one("name", bytes);
            let borrowed = borrowed.decode::<std::collections::BTreeMap<String, ValueString>>(&mut diags, "state");
            assert!(borrowed.expect("decodes")["name"].is_unknown());
        }
    }

    #[test]
    fn a_value_that_does_not_fit_is_named_and_not_quoted() {
        let mut diags = Diagnostics::default();
        assert!(one("count", b"\xa6s3cret").decode::<Model>(&mut diags, "configuration").is_err());
        let json = serde_json::json!({ "on": "s3cret" });
        assert!(decode_stored::<Model>(&mut diags, &json).is_err());
        let named: Vec<_> = diags.errors.iter().map(|error| error.attribute.to_string()).collect();
        assert_eq!(named, ["count", "on"]);
        assert!(!format!("{diags:?}").contains("s3cret"));
    }

    #[test]
    fn what_does_not_fit_is_named_within_objects_and_lists() {
        for (json, expected) in [
            (serde_json::json!({ "name": {"a": 1} }), "name"),
            (serde_json::json!({ "name": "n", "tags": ["t", "u", [1]], "on": true }), "tags[2]"),
            (serde_json::json!({ "name": 1, "on": "x" }), "name"),
            (serde_json::json!([1]), "[0]"),
            (serde_json::json!("text"), ""),
        ] {
            let mut diags = Diagnostics::default();
            assert!(decode_stored::<Model>(&mut diags, &json).is_err(), "{json}");
            assert_eq!(diags.errors[0].attribute.to_string(), expected, "{json}");
        }
    }

    /// Minutes, if each element were looked at with all the others.
    #[test]
    fn what_does_not_fit_is_found_in_a_long_list() {
        let mut tags = vec![serde_json::json!("t"); 20_000];
        tags.push(serde_json::json!([1]));
        let mut diags = Diagnostics::default();
        assert!(decode_stored::<Model>(&mut diags, &serde_json::json!({ "name": "n", "tags": tags })).is_err());
        assert_eq!(diags.errors[0].attribute.to_string(), "tags[20000]");
    }

    #[test]
    fn a_value_that_is_nested_too_deeply_is_refused_where_the_stack_is_small() {
        let deep = [vec![0x91; 100_000], NIL.to_vec()].concat();
        let read = move || {
            let mut diags = Diagnostics::default();
            for name in ["name", "tags", "gone"] {
                assert!(one(name, &deep).decode::<Model>(&mut diags, "state").is_err());
                assert!(one(name, &deep).given().is_empty());
            }
            assert!(from_private::<Vec<String>>(&mut diags, &deep).is_err());
            assert_eq!(diags.errors.len(), 4);
        };
        std::thread::Builder::new().stack_size(1024 * 1024).spawn(read).expect("a thread").join().expect("no panic");
    }

    #[test]
    fn null_has_three_spellings() {
        for bytes in [(Format::MessagePack, ""), (Format::Json, ""), (Format::Json, " null\n")] {
            assert!(Encoded::new(bytes.0, bytes.1.into()).is_null());
        }
        assert!(Encoded::null().is_null());
    }

    #[test]
    fn private_state_that_is_the_default_is_not_stored() {
        let mut diags = Diagnostics::default();
        for bytes in [&b""[..], NIL] {
            assert_eq!(from_private::<Option<String>>(&mut diags, bytes).ok(), Some(None));
            assert_eq!(from_private::<String>(&mut diags, bytes).ok(), Some(String::new()));
            from_private::<()>(&mut diags, bytes).expect("the unit");
        }
        assert_eq!(to_private(&mut diags, &()).ok(), Some(Vec::new()));
        let stored = to_private(&mut diags, &"kept".to_owned()).expect("encodes");
        assert_eq!(from_private::<String>(&mut diags, &stored).ok(), Some("kept".to_owned()));
    }

    #[test]
    fn json_is_read_with_missing_attributes_as_null_and_unknown_ones_left_out() {
        let mut diags = Diagnostics::default();
        let encoded = Encoded::new(Format::Json, br#"{"name":"n","gone":{"deep":1}}"#.to_vec());
        let model: Model = encoded.decode(&mut diags, "state").expect("decodes");
        assert_eq!((model.name, model.count), (Value::Value("n".into()), Value::Null));
    }
}
