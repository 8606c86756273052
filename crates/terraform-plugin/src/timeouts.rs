//! The block `timeouts`: how long an operation may take, in Go's notation of durations, as everywhere in Terraform.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};
use tokio::time::Instant;

use crate::diagnostics::Report;
use crate::problems;
use crate::schema::{Attribute, NestedBlock, block, string};

/// The block's value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Timeouts {
    create: Value<String>,
    read: Value<String>,
    update: Value<String>,
    delete: Value<String>,
}

/// The block's value where there is nothing but reading: in a data source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReadTimeout {
    read: Value<String>,
}

impl ReadTimeout {
    /// [`validate`] for it.
    pub fn validate(this: &Value<Self>, diags: &mut Diagnostics) {
        validate(&Self::among_all(this), diags);
    }

    /// [`deadline`] for it.
    #[must_use]
    pub fn deadline(this: &Value<Self>) -> Instant {
        deadline(&Self::among_all(this), Operation::Read)
    }

    fn among_all(this: &Value<Self>) -> Value<Timeouts> {
        this.as_ref().map(|timeout| Timeouts { read: timeout.read.clone(), ..Timeouts::default() })
    }
}

/// The block's value where there is nothing but invoking: in an action.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InvokeTimeout {
    invoke: Value<String>,
}

impl InvokeTimeout {
    /// [`validate`] for it.
    pub fn validate(this: &Value<Self>, diags: &mut Diagnostics) {
        if let Value::Value(timeout) = this {
            check(INVOKE, &timeout.invoke, diags);
        }
    }

    /// When an action that starts now has to end, if it may take `default` without the block.
    #[must_use]
    pub fn deadline(this: &Value<Self>, default: Duration) -> Instant {
        ending(this.as_ref_option().map(|timeout| &timeout.invoke), default)
    }
}

const NAME: &str = "timeouts";
const INVOKE: &str = "invoke";

/// An operation that can time out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Creating.
    Create,
    /// Reading, also for a plan.
    Read,
    /// Updating in place.
    Update,
    /// Deleting.
    Delete,
}

impl Operation {
    const ALL: [(&'static str, Self); 4] =
        [("create", Self::Create), ("read", Self::Read), ("update", Self::Update), ("delete", Self::Delete)];

    fn default_timeout(self) -> Duration {
        Duration::from_secs(if self == Self::Read { 5 * 60 } else { 20 * 60 })
    }
}

/// The block in the schema of a resource.
#[must_use]
pub fn timeouts() -> NestedBlock {
    let all = block(NAME, "How long each operation may take.");
    Operation::ALL.into_iter().fold(all, |all, (name, kind)| all.attribute(duration(name, kind.default_timeout())))
}

/// The block in the schema of a data source: [`ReadTimeout`].
#[must_use]
pub fn read_timeout() -> NestedBlock {
    block(NAME, "How long reading may take.").attribute(duration("read", Operation::Read.default_timeout()))
}

/// The block in the schema of an action that may take `default`: [`InvokeTimeout`].
#[must_use]
pub fn invoke_timeout(default: Duration) -> NestedBlock {
    block(NAME, "How long the action may take.").attribute(duration(INVOKE, default))
}

fn duration(name: &'static str, default: Duration) -> Attribute {
    let minutes = default.as_secs() / 60;
    let description = format!(
        "How long {name} may take, waiting for rate limits included, as in `\"90s\"` or `\"1h30m\"`. Default: \
         `\"{minutes}m\"`."
    );
    string(name).optional().describe(description)
}

/// Checks the durations that are known.
pub fn validate(timeouts: &Value<Timeouts>, diags: &mut Diagnostics) {
    let Value::Value(timeouts) = timeouts else { return };
    for (name, operation) in Operation::ALL {
        check(name, timeouts.get(operation), diags);
    }
}

fn check(name: &'static str, text: &Value<String>, diags: &mut Diagnostics) {
    validate_duration(text, &format!("{NAME}.{name}"), AttributePath::new(NAME).attribute(name), diags);
}

/// Checks a duration that is known: the argument `name`, at `path`.
pub fn validate_duration(text: &Value<String>, name: &str, path: AttributePath, diags: &mut Diagnostics) {
    if let Value::Value(text) = text
        && parse_duration(text).is_none()
    {
        let detail = format!(
            "{name} is \"{text}\"; write a duration above zero in hours, minutes or seconds, as in \
            \"36h\", \"10m\" or \"1h30m\"."
        );
        diags.fail(problems::invalid_duration(), detail, path);
    }
}

/// When an operation that starts now has to end.
#[must_use]
pub fn deadline(timeouts: &Value<Timeouts>, operation: Operation) -> Instant {
    ending(timeouts.as_ref_option().map(|timeouts| timeouts.get(operation)), operation.default_timeout())
}

fn ending(given: Option<&Value<String>>, default: Duration) -> Instant {
    let duration = given.and_then(|text| text.as_ref_option()).and_then(|text| parse_duration(text));
    Instant::now() + duration.unwrap_or(default)
}

impl Timeouts {
    fn get(&self, operation: Operation) -> &Value<String> {
        match operation {
            Operation::Create => &self.create,
            Operation::Read => &self.read,
            Operation::Update => &self.update,
            Operation::Delete => &self.delete,
        }
    }
}

/// `1h30m`, `90s`, `1.5m`, `500ms`. None for anything else, zero, and what is longer than a year.
#[must_use]
pub fn parse_duration(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit() && character != '.')?;
        let (number, tail) = rest.split_at(digits);
        let letters = tail.find(|character: char| !character.is_ascii_alphabetic()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(letters);
        let factor = match unit {
            "h" => 3600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 0.001,
            _ => return None,
        };
        seconds += number.parse::<f64>().ok()? * factor;
        rest = tail;
    }
    (seconds > 0.0 && seconds <= 366.0 * 86400.0).then(|| Duration::from_secs_f64(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_go_writes_them() {
        assert_eq!(parse_duration("90s"), Some(Duration::from_secs(90)));
        assert_eq!(parse_duration("1h30m"), Some(Duration::from_secs(5400)));
        assert_eq!(parse_duration("1.5m"), Some(Duration::from_secs(90)));
        assert_eq!(parse_duration("500ms"), Some(Duration::from_millis(500)));
        for wrong in ["", "5", "m", "0s", "-5m", "5 m", "5x", "1e9h", "999999999h", "5mm"] {
            assert_eq!(parse_duration(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_wrong_duration_is_reported_on_its_own_attribute() {
        let timeouts = Timeouts { update: "soon".to_owned().into(), ..Timeouts::default() };
        let mut diags = Diagnostics::default();
        validate(&Value::Value(timeouts), &mut diags);
        assert_eq!(diags.errors.len(), 1);
        assert_eq!(diags.errors[0].attribute, AttributePath::new(NAME).attribute("update"));
    }
}
