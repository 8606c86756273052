//! What a test arranges to go wrong: which requests, and what happens to them instead.

use crate::side::Side;
use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use regex::Regex;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{collections::BTreeMap, time::Duration};

#[derive(Default)]
pub struct Faults {
    last_id: u64,
    armed: Vec<Fault>,
}

/// As `POST /_sandbox/faults` takes it.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    side: Option<Side>,
    method: Option<String>,
    path: String,
    #[serde(default = "one")]
    nth: u64,
    #[serde(default = "one")]
    times: u64,
    #[serde(rename = "do")]
    effect: Effect,
}

#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
struct Effect {
    #[serde(skip_serializing_if = "Option::is_none")]
    respond: Option<Respond>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delay_ms: Option<u64>,
    /// Of the delay: whether it comes after the request had its effect.
    after_acting: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    close: Option<Close>,
    truncate: bool,
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Respond {
    status: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// A string is sent as it is, so that a test can play a proxy's HTML page; anything else as JSON.
    body: Option<Value>,
    #[serde(default)]
    after_acting: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum Close {
    Before,
    After,
}

struct Fault {
    id: u64,
    definition: Definition,
    path: Regex,
    matched: u64,
    hits: u64,
}

/// What happens to one request.
#[derive(Default)]
pub struct Plan {
    pub delay_before: Duration,
    pub delay_after: Duration,
    pub ending: Ending,
}

#[derive(Default)]
pub enum Ending {
    #[default]
    Normal,
    Respond {
        answer: Response,
        after_acting: bool,
    },
    Close {
        after_acting: bool,
    },
    Truncate,
}

fn one() -> u64 {
    1
}

impl Faults {
    /// Arms a fault and gives its id, or says what is wrong with it.
    pub fn arm(&mut self, definition: Definition) -> Result<u64, String> {
        let path = Regex::new(&definition.path).map_err(|error| error.to_string())?;
        definition.effect.check()?;
        if definition.nth == 0 {
            return Err("nth counts from 1".to_owned());
        }
        self.last_id += 1;
        self.armed.push(Fault { id: self.last_id, definition, path, matched: 0, hits: 0 });
        Ok(self.last_id)
    }

    pub fn clear(&mut self) {
        self.armed.clear();
    }

    /// The faults with how often they saw a matching request and how often they struck.
    pub fn list(&self) -> Vec<Value> {
        let describe = |fault: &Fault| {
            let mut value = serde_json::to_value(&fault.definition).unwrap_or_default();
            value["id"] = fault.id.into();
            value["matched"] = fault.matched.into();
            value["hits"] = fault.hits.into();
            value
        };
        self.armed.iter().map(describe).collect()
    }

    /// Every fault counts the request that it matches; delays of those that strike add up, the first ending wins.
    pub fn plan(&mut self, side: Side, method: &Method, path: &str) -> Plan {
        let mut plan = Plan::default();
        for fault in &mut self.armed {
            if !fault.matches(side, method, path) {
                continue;
            }
            fault.matched += 1;
            let first = fault.definition.nth;
            if fault.matched < first || fault.matched - first >= fault.definition.times {
                continue;
            }
            fault.hits += 1;
            let effect = &fault.definition.effect;
            let delay = Duration::from_millis(effect.delay_ms.unwrap_or_default());
            if effect.after_acting {
                plan.delay_after += delay;
            } else {
                plan.delay_before += delay;
            }
            if matches!(plan.ending, Ending::Normal) {
                plan.ending = effect.ending();
            }
        }
        plan
    }
}

impl Fault {
    fn matches(&self, side: Side, method: &Method, path: &str) -> bool {
        self.definition.side.is_none_or(|wanted| wanted == side)
            && self.definition.method.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method.as_str()))
            && self.path.is_match(path)
    }
}

impl Effect {
    fn check(&self) -> Result<(), String> {
        let endings = [self.respond.is_some(), self.close.is_some(), self.truncate];
        match endings.iter().filter(|chosen| **chosen).count() {
            0 if self.delay_ms.is_none() => return Err("do what? respond, delay_ms, close or truncate".to_owned()),
            0 | 1 => {}
            _ => return Err("respond, close and truncate exclude each other".to_owned()),
        }
        if self.after_acting && self.delay_ms.is_none() {
            return Err("after_acting beside delay_ms or inside respond".to_owned());
        }
        self.respond.as_ref().map_or(Ok(()), |respond| respond.answer().map(drop))
    }

    fn ending(&self) -> Ending {
        if let Some(Ok((respond, answer))) = self.respond.as_ref().map(|r| r.answer().map(|answer| (r, answer))) {
            return Ending::Respond { answer, after_acting: respond.after_acting };
        }
        match self.close {
            Some(close) => Ending::Close { after_acting: close == Close::After },
            None if self.truncate => Ending::Truncate,
            None => Ending::Normal,
        }
    }
}

impl Respond {
    fn answer(&self) -> Result<Response, String> {
        let status = StatusCode::from_u16(self.status).map_err(|error| error.to_string())?;
        let (kind, body) = match &self.body {
            None => (None, Body::empty()),
            Some(Value::String(text)) => (Some("text/plain"), Body::from(text.clone())),
            Some(json) => (Some("application/json"), Body::from(json.to_string())),
        };
        let mut answer = Response::new(body);
        *answer.status_mut() = status;
        if let Some(kind) = kind {
            answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        for (name, value) in &self.headers {
            let name: HeaderName = name.parse().map_err(|_| format!("{name:?} is no header name"))?;
            let value: HeaderValue = value.parse().map_err(|_| format!("{value:?} is no header value"))?;
            answer.headers_mut().insert(name, value);
        }
        Ok(answer)
    }
}
