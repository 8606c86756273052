//! Our events on stderr, in the form that Terraform reads from a plugin: hclog's JSON, one object a line.

use std::fmt::Debug;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value};
use time::OffsetDateTime;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use crate::info::{Info, Redact};

/// Terraform does not parse a line of 64 KiB or more.
const LONGEST_LINE: usize = 60 * 1024;
const LONGEST_VALUE: usize = 8 * 1024;
/// This crate's own events are the provider's too.
const OWN_TARGET: &str = env!("CARGO_CRATE_NAME");

/// Sends the provider's events to Terraform from now on. Only the first call of a process counts.
pub(super) fn install(info: &'static Info) {
    let level = level(info, |name| std::env::var(name).ok());
    let layer = Hclog::new(info, std::io::stderr()).with_filter(targets(info, level));
    // An error means that whoever embeds us has a subscriber already.
    let _ = tracing_subscriber::registry().with(layer).try_init();
}

/// The level that the environment asks for: the most specific variable that is set decides.
fn level(info: &Info, variable: impl Fn(&str) -> Option<String>) -> LevelFilter {
    let own = format!("TF_LOG_PROVIDER_{}", info.name().to_ascii_uppercase().replace('-', "_"));
    let names = [own.as_str(), "TF_LOG_PROVIDER", "TF_LOG"];
    let Some(value) = names.into_iter().find_map(|name| variable(name).filter(|value| !value.is_empty())) else {
        return LevelFilter::OFF;
    };
    match value.to_ascii_uppercase().as_str() {
        "OFF" => LevelFilter::OFF,
        "ERROR" => LevelFilter::ERROR,
        "WARN" => LevelFilter::WARN,
        "INFO" => LevelFilter::INFO,
        "DEBUG" => LevelFilter::DEBUG,
        // TRACE, JSON (which is trace in another dress), and what nobody knows: as Terraform itself reads it.
        _ => LevelFilter::TRACE,
    }
}

fn targets(info: &Info, level: LevelFilter) -> Targets {
    let all = info.log_targets.iter().copied().chain([OWN_TARGET]);
    Targets::new().with_targets(all.map(|target| (target, level)))
}

struct Hclog<W> {
    info: &'static Info,
    output: Mutex<W>,
}

impl<W: Write> Hclog<W> {
    fn new(info: &'static Info, output: W) -> Self {
        Self { info, output: Mutex::new(output) }
    }

    /// The part of the provider that an event comes from: its crate is called by the provider's name.
    fn module(&self, target: &str) -> String {
        let (source, path) = target.split_once("::").unwrap_or((target, ""));
        let part = if source == OWN_TARGET { "::plugin" } else { "" };
        let path = if path.is_empty() { String::new() } else { format!("::{path}") };
        format!("{}{part}{path}", self.info.name()).replace("::", ".")
    }
}

impl<S: Subscriber, W: Write + 'static> Layer<S> for Hclog<W>
where
    Mutex<W>: Send + Sync,
{
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        let metadata = event.metadata();
        let mut fields = Fields { redact: self.info.redact, message: String::new(), others: Map::new() };
        event.record(&mut fields);
        let header = [
            ("@level", level_name(*metadata.level()).to_owned()),
            ("@message", std::mem::take(&mut fields.message)),
            ("@timestamp", timestamp(OffsetDateTime::now_utc())),
            ("@module", self.module(metadata.target())),
        ];
        let header = header.into_iter().map(|(name, text)| (name.to_owned(), Value::String(text)));
        let line = line(header.collect(), fields.others);
        // There is nowhere to report to when stderr is gone.
        let _ = self.output.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes());
    }
}

fn line(header: Map<String, Value>, others: Map<String, Value>) -> String {
    let mut whole = others;
    whole.extend(header.clone());
    let mut line = Value::Object(whole).to_string();
    if line.len() > LONGEST_LINE {
        let mut short = header;
        short.insert("shortened".into(), true.into());
        line = Value::Object(short).to_string();
    }
    line.push('\n');
    line
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        Level::DEBUG => "debug",
        Level::TRACE => "trace",
    }
}

/// Go's `2006-01-02T15:04:05.000000Z07:00`, in UTC. Terraform wants exactly six digits of the second's fraction.
fn timestamp(now: OffsetDateTime) -> String {
    let (year, month, day) = now.to_calendar_date();
    let (hour, minute, second, micro) = now.to_hms_micro();
    format!("{year:04}-{:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micro:06}Z", u8::from(month))
}

struct Fields {
    redact: Redact,
    message: String,
    others: Map<String, Value>,
}

impl Fields {
    fn put(&mut self, field: &Field, value: Value) {
        self.others.insert(field.name().to_owned(), value);
    }

    fn put_text(&mut self, field: &Field, text: &str) {
        let mut text = (self.redact)(text).into_owned();
        if text.len() > LONGEST_VALUE {
            let end = (0..=LONGEST_VALUE).rev().find(|&end| text.is_char_boundary(end));
            text.truncate(end.unwrap_or_default());
            text.push_str("... (shortened)");
        }
        if field.name() == "message" {
            self.message = text;
        } else {
            self.put(field, Value::String(text));
        }
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.put_text(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put_text(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value.into());
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Arc;

    use super::*;

    const TOY: Info = Info {
        log_targets: &["terraform_provider_toy"],
        redact: |text| text.replace("hunter2", "(hidden)").into(),
        ..Info::new("registry.terraform.io/toys/toy-box", "1.0.0")
    };
    const TARGET: &str = "terraform_provider_toy";

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("whole").write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn lines(level: LevelFilter, events: impl FnOnce()) -> Vec<Value> {
        let written = Written::default();
        let layer = Hclog::new(&TOY, written.clone()).with_filter(targets(&TOY, level));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), events);
        let text = String::from_utf8(written.0.lock().expect("whole").clone()).expect("text");
        assert!(text.lines().all(|line| line.len() < 64 * 1024));
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    #[test]
    fn a_line_has_what_terraform_parses() {
        let lines = lines(LevelFilter::INFO, || {
            tracing::info!(target: "terraform_provider_toy::lid::hinge", attempt = 2, id = "0oa", "a \"word\"\nmore");
            tracing::debug!(target: "terraform_provider_toy", "below the level");
            tracing::error!(target: "hyper::client", "another crate's");
        });
        assert_eq!(lines.len(), 1);
        let line = &lines[0];
        assert_eq!(line["@level"], "info");
        assert_eq!(line["@message"], "a \"word\"\nmore");
        assert_eq!(line["@module"], "toy-box.lid.hinge");
        assert_eq!((&line["attempt"], &line["id"]), (&2.into(), &"0oa".into()));
        let stamp = line["@timestamp"].as_str().expect("text");
        assert_eq!((stamp.len(), &stamp[19..20], &stamp[26..]), (27, ".", "Z"));
    }

    #[test]
    fn the_provider_has_the_last_look_at_each_text() {
        let lines = lines(LevelFilter::INFO, || {
            tracing::info!(target: TARGET, error = "says hunter2", "not hunter2");
            tracing::info!(target: "terraform_plugin::server", "from below");
        });
        assert_eq!((&lines[0]["@message"], &lines[0]["error"]), (&"not (hidden)".into(), &"says (hidden)".into()));
        assert_eq!((&lines[0]["@module"], &lines[1]["@module"]), (&"toy-box".into(), &"toy-box.plugin.server".into()));
    }

    #[test]
    fn a_timestamp_has_six_digits_always() {
        let moment = OffsetDateTime::from_unix_timestamp(1_136_214_245).expect("in range");
        assert_eq!(timestamp(moment), "2006-01-02T15:04:05.000000Z");
    }

    #[test]
    fn a_long_line_is_shortened() {
        let long = "ä".repeat(50_000);
        let lines = lines(LevelFilter::TRACE, || {
            tracing::warn!(target: TARGET, a = long, "long");
            tracing::warn!(target: TARGET, a = long, b = long, c = long, d = long, e = long, f = long, g = long, h = long, "longer");
        });
        assert!(lines[0]["a"].as_str().expect("text").ends_with("(shortened)"));
        assert_eq!((&lines[1]["shortened"], &lines[1]["@message"]), (&true.into(), &"longer".into()));
    }

    #[test]
    fn the_most_specific_variable_decides() {
        let level = |set: &[(&str, &str)]| {
            level(&TOY, |name| set.iter().find(|(found, _)| *found == name).map(|(_, value)| value.to_string()))
        };
        assert_eq!(level(&[]), LevelFilter::OFF);
        assert_eq!(level(&[("TF_LOG", "JSON")]), LevelFilter::TRACE);
        assert_eq!(level(&[("TF_LOG", "info"), ("TF_LOG_PROVIDER", "")]), LevelFilter::INFO);
        assert_eq!(level(&[("TF_LOG", "TRACE"), ("TF_LOG_PROVIDER", "WARN")]), LevelFilter::WARN);
        assert_eq!(level(&[("TF_LOG_PROVIDER", "WARN"), ("TF_LOG_PROVIDER_TOY_BOX", "OFF")]), LevelFilter::OFF);
    }
}
