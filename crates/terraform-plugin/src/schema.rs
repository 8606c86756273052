//! Schemas, said once. What a schema can decide, the framework does: it fills in defaults and prints them into the
//! descriptions, makes computed attributes unknown when an object is created, and replaces an object when an attribute
//! that says so has another known value.
//!
//! ```
//! use terraform_plugin::schema::{Schema, Type, boolean, set, string};
//!
//! let schema = Schema::new("A bucket.")
//!     .attribute(string("name").required().requires_replace().describe("Its name."))
//!     .attribute(boolean("versioned").optional().default(true).describe("Whether older versions are kept."))
//!     .attribute(set("tags", Type::String).optional().describe("Words to find it by."))
//!     .attribute(string("id").computed().describe("Its id."));
//! ```
//!
//! A value that the framework fills in must not be what replaces an object that was made before the attribute existed:
//!
//! ```compile_fail
//! # use terraform_plugin::schema::string;
//! string("class").optional().default("standard").requires_replace();
//! ```
//!
//! `default_on_create` is for that: what exists keeps what it has.
//!
//! ```
//! # use terraform_plugin::schema::string;
//! string("class").optional().default_on_create("standard").requires_replace();
//! ```

use std::marker::PhantomData;

use rmpv::Value;

/// What is served under one name: the attributes and blocks of a resource, a data source, an action or the provider.
#[derive(Clone, Debug)]
pub struct Schema {
    pub(crate) version: i64,
    pub(crate) block: Block,
}

impl Schema {
    /// A schema of version 0 without attributes. `description` is Markdown, as all descriptions are.
    #[must_use]
    pub fn new(description: impl Into<String>) -> Self {
        Self { version: 0, block: Block { description: description.into(), ..Block::default() } }
    }

    /// Another version. States of an older one go through [`Resource::upgrade_state`](crate::Resource::upgrade_state).
    #[must_use]
    pub fn version(mut self, version: i64) -> Self {
        self.version = version;
        self
    }

    /// With one more attribute.
    #[must_use]
    pub fn attribute(mut self, attribute: Attribute) -> Self {
        self.block.attributes.push(attribute);
        self
    }

    /// With more attributes, such as those that several schemas share.
    #[must_use]
    pub fn attributes(mut self, attributes: impl IntoIterator<Item = Attribute>) -> Self {
        self.block.attributes.extend(attributes);
        self
    }

    /// With one more block.
    #[must_use]
    pub fn block(mut self, block: NestedBlock) -> Self {
        self.block.blocks.push(block);
        self
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    pub description: String,
    pub attributes: Vec<Attribute>,
    pub blocks: Vec<NestedBlock>,
}

impl Block {
    /// The names of all attributes and blocks.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.attributes.iter().map(|attribute| attribute.name).chain(self.blocks.iter().map(|block| block.name))
    }
}

/// Arguments that belong together, which the user may give once. Where the block is left out, its value is null.
///
/// It is no nested attribute because Terraform drops a misspelt member of an object without a word, and refuses it in a
/// block.
#[derive(Clone, Debug)]
pub struct NestedBlock {
    pub(crate) name: &'static str,
    pub(crate) block: Block,
}

/// A block without attributes.
#[must_use]
pub fn block(name: &'static str, description: impl Into<String>) -> NestedBlock {
    NestedBlock { name, block: Block { description: description.into(), ..Block::default() } }
}

impl NestedBlock {
    /// With one more attribute.
    #[must_use]
    pub fn attribute(mut self, attribute: Attribute) -> Self {
        self.block.attributes.push(attribute);
        self
    }
}

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `bool`
    Bool,
    /// `number`
    Number,
    /// `string`
    String,
    /// `list(…)`
    List(Box<Type>),
    /// `set(…)`
    Set(Box<Type>),
    /// `map(…)`
    Map(Box<Type>),
}

impl Type {
    /// As the protocol writes it.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Bool => "bool".into(),
            Self::Number => "number".into(),
            Self::String => "string".into(),
            Self::List(element) => serde_json::json!(["list", element.to_json()]),
            Self::Set(element) => serde_json::json!(["set", element.to_json()]),
            Self::Map(element) => serde_json::json!(["map", element.to_json()]),
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Plain(Type),
    Object(Vec<Attribute>),
    Objects(Vec<Attribute>),
}

/// Who gives the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GivenBy {
    /// The user must.
    User,
    /// The user may.
    UserOrNobody,
    /// The user may, otherwise the provider does.
    UserOrProvider,
    /// The provider.
    Provider,
}

/// When a default is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fills {
    Always,
    OnCreate,
}

/// One attribute, as the functions of this module build it.
#[derive(Clone, Debug)]
pub struct Attribute {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) given_by: GivenBy,
    pub(crate) description: String,
    pub(crate) default: Option<(Value, Fills)>,
    pub(crate) replaces: bool,
    pub(crate) sensitive: bool,
    pub(crate) write_only: bool,
}

impl Attribute {
    /// The description with the default.
    pub(crate) fn described(&self) -> String {
        match &self.default {
            Some((Value::String(text), _)) => {
                format!("{} Default: `{}`.", self.description, text.as_str().unwrap_or_default())
            }
            Some((default, _)) => format!("{} Default: `{default}`.", self.description),
            None => self.description.clone(),
        }
    }
}

/// A text.
#[must_use]
pub fn string(name: &'static str) -> Named {
    Named { name, kind: Kind::Plain(Type::String) }
}

/// A truth value.
#[must_use]
pub fn boolean(name: &'static str) -> Named {
    Named { name, kind: Kind::Plain(Type::Bool) }
}

/// A number.
#[must_use]
pub fn number(name: &'static str) -> Named {
    Named { name, kind: Kind::Plain(Type::Number) }
}

/// A list of values of one type.
#[must_use]
pub fn list(name: &'static str, element: Type) -> Named {
    Named { name, kind: Kind::Plain(Type::List(Box::new(element))) }
}

/// A set of values of one type: what has no order, or comes in any.
#[must_use]
pub fn set(name: &'static str, element: Type) -> Named {
    Named { name, kind: Kind::Plain(Type::Set(Box::new(element))) }
}

/// Values of one type, by texts.
#[must_use]
pub fn map(name: &'static str, element: Type) -> Named {
    Named { name, kind: Kind::Plain(Type::Map(Box::new(element))) }
}

/// One object of these attributes.
#[must_use]
pub fn object(name: &'static str, attributes: impl IntoIterator<Item = Attribute>) -> Named {
    Named { name, kind: Kind::Object(attributes.into_iter().collect()) }
}

/// A list of objects of these attributes.
#[must_use]
pub fn objects(name: &'static str, attributes: impl IntoIterator<Item = Attribute>) -> Named {
    Named { name, kind: Kind::Objects(attributes.into_iter().collect()) }
}

/// An attribute of which it is not said yet who gives the value.
#[derive(Clone, Debug)]
pub struct Named {
    name: &'static str,
    kind: Kind,
}

impl Named {
    /// The user must give it.
    #[must_use]
    pub fn required(self) -> Builder<Required> {
        self.given_by(GivenBy::User)
    }

    /// The user may give it.
    #[must_use]
    pub fn optional(self) -> Builder<Optional> {
        self.given_by(GivenBy::UserOrNobody)
    }

    /// The provider gives it. It is unknown in the plan of a creation, and stays as it is in every other plan unless
    /// [`Resource::modify_plan`](crate::Resource::modify_plan) says otherwise.
    #[must_use]
    pub fn computed(self) -> Builder<Computed> {
        self.given_by(GivenBy::Provider)
    }

    fn given_by<S>(self, given_by: GivenBy) -> Builder<S> {
        let Self { name, kind } = self;
        let attribute = Attribute {
            name,
            kind,
            given_by,
            description: String::new(),
            default: None,
            replaces: false,
            sensitive: false,
            write_only: false,
        };
        Builder(attribute, PhantomData)
    }
}

/// An attribute of which more can be said. `S` tells what: the rest would contradict what has been said.
#[derive(Clone, Debug)]
pub struct Builder<S>(Attribute, PhantomData<S>);

/// The user must give it.
#[derive(Clone, Debug)]
pub enum Required {}
/// The user may give it, and nothing else has been said.
#[derive(Clone, Debug)]
pub enum Optional {}
/// The user may give it, and where the user does not, somebody else does: once, when the object is created.
#[derive(Clone, Debug)]
pub enum Settled {}
/// Nothing but words can be added.
#[derive(Clone, Debug)]
pub enum Computed {}

/// An argument whose other value may replace an object.
pub trait MayReplace {}
impl MayReplace for Required {}
impl MayReplace for Optional {}
impl MayReplace for Settled {}

/// An argument that may be withheld from states and plans.
pub trait MayBeWriteOnly {}
impl MayBeWriteOnly for Required {}
impl MayBeWriteOnly for Optional {}

impl<S> Builder<S> {
    /// Terraform does not show the value, and no diagnostic points to it.
    #[must_use]
    pub fn sensitive(mut self) -> Self {
        self.0.sensitive = true;
        self
    }

    /// What it is, in Markdown: the last that is said of it. A default is added to it.
    #[must_use]
    pub fn describe(mut self, description: impl Into<String>) -> Attribute {
        self.0.description = description.into();
        self.0
    }

    fn become_<T>(self) -> Builder<T> {
        Builder(self.0, PhantomData)
    }
}

impl<S: MayReplace> Builder<S> {
    /// Another known value replaces the object. An unknown value never does: it may turn out to be the same.
    #[must_use]
    pub fn requires_replace(mut self) -> Builder<Computed> {
        self.0.replaces = true;
        self.become_()
    }
}

impl<S: MayBeWriteOnly> Builder<S> {
    /// Terraform hands it over with the configuration, and stores it nowhere (Terraform and OpenTofu 1.11). It is
    /// sensitive too. A model must encode it as null always.
    #[must_use]
    pub fn write_only(mut self) -> Builder<Computed> {
        self.0.write_only = true;
        self.0.sensitive = true;
        self.become_()
    }
}

impl Builder<Optional> {
    /// The value wherever the user gives none: in each plan, after an import, and in a state from before the attribute
    /// existed.
    #[must_use]
    pub fn default(mut self, value: impl Into<Value>) -> Builder<Computed> {
        self.0.given_by = GivenBy::UserOrProvider;
        self.0.default = Some((value.into(), Fills::Always));
        self.become_()
    }

    /// The value that a creation takes where the user gives none. What exists keeps what it has.
    #[must_use]
    pub fn default_on_create(mut self, value: impl Into<Value>) -> Builder<Settled> {
        self.0.given_by = GivenBy::UserOrProvider;
        self.0.default = Some((value.into(), Fills::OnCreate));
        self.become_()
    }

    /// Where the user gives none, the provider does, as if it were [`computed`](Named::computed).
    #[must_use]
    pub fn computed(mut self) -> Builder<Settled> {
        self.0.given_by = GivenBy::UserOrProvider;
        self.become_()
    }
}
