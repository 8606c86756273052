//! The recording of `make demo`: what it printed, as a picture of a terminal that scrolls through it.
//!
//! It is the same for each run: what a run draws (ids, ports, seconds) gets a name in its place.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::svg::{At, Svg, escaped};

/// Where it lies.
pub const PATH: &str = "pictures/demo.svg";

const COLUMNS: usize = 104;
/// How many lines the terminal shows.
const ROWS: usize = 32;
const LINE: usize = 18;
const TOP: usize = 44;
/// How long somebody needs to read a line, how long it takes to scroll, and how long the end stands, in milliseconds.
const READING: usize = 420;
const SCROLLING: usize = 350;
const STANDING: usize = 5000;

/// The picture of what the demo printed.
#[must_use]
pub fn svg(printed: &str) -> String {
    let lines = story(&named(printed));
    let number = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
    let title = "A recording of make demo: Terraform installs the integration and links the org, drift on both sides shows in the plan \
                 and is repaired in place, and destroy removes everything.";
    let height = ROWS * LINE + 10;
    let mut svg = Svg::new(860, number(TOP + height), title);
    svg.style(&scrolling(&lines));
    svg.push(r#"<g class="window"><circle cx="20" cy="20" r="6"/><circle cx="40" cy="20" r="6"/><circle cx="60" cy="20" r="6"/></g>"#);
    svg.text(430, 25, "dim", At::Middle, "make demo");
    svg.push(&format!(r#"<svg y="{TOP}" width="860" height="{height}"><g class="lines">"#));
    for (row, line) in lines.iter().enumerate() {
        svg.push(&shown(number((row + 1) * LINE), line));
    }
    svg.push("</g></svg>");
    svg.finish()
}

/// The first screen is there from the beginning. Each step comes in from below when somebody who reads has got so far.
fn scrolling(lines: &[String]) -> String {
    let whole = lines.len() * READING + STANDING;
    let mut frames = String::new();
    let mut shown = 0;
    let steps = steps(lines);
    for (position, first) in steps.iter().enumerate() {
        let last = steps.get(position + 1).copied().unwrap_or(lines.len());
        let hidden = last.saturating_sub(ROWS);
        if hidden > shown {
            let (begins, ends) = (first * READING, first * READING + SCROLLING);
            let _ = writeln!(frames, "{}{{transform:translateY(-{}px)}}", percent(begins, whole), shown * LINE);
            let _ = writeln!(frames, "{}{{transform:translateY(-{}px)}}", percent(ends, whole), hidden * LINE);
            shown = hidden;
        }
    }
    let _ = writeln!(frames, "100%{{transform:translateY(-{}px)}}", shown * LINE);
    format!(
        "{STYLE}.lines{{animation:scroll {}.{:03}s linear infinite}}\n@keyframes scroll{{0%{{transform:none}}\n{frames}}}\n\
         @media (prefers-reduced-motion:reduce){{.lines{{animation:none}}}}\n",
        whole / 1000,
        whole % 1000
    )
}

const STYLE: &str = "\
.lines text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,\"DejaVu Sans Mono\",monospace;white-space:pre}
.lines .strong{font-weight:700} .window circle{fill:var(--line);fill-opacity:0.5}
";

/// The moment in the whole, in hundredths of a percent.
fn percent(at: usize, whole: usize) -> String {
    let hundredths = at * 10_000 / whole;
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// The lines of the story, none longer than the terminal is wide.
fn story(printed: &str) -> Vec<String> {
    // The last line is no part of it: it says where the log is on this machine.
    let lines =
        printed.lines().skip_while(|line| !line.starts_with("── ")).take_while(|line| !line.starts_with("Done. "));
    let mut lines: Vec<String> = lines.flat_map(wrapped).collect();
    lines.truncate(lines.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1));
    lines
}

fn wrapped(line: &str) -> Vec<String> {
    let mut rest = line.to_owned();
    let mut lines = Vec::new();
    while let Some((limit, _)) = rest.char_indices().nth(COLUMNS) {
        let Some(at) = rest[..limit].rfind(' ').filter(|at| !rest[..*at].trim().is_empty()) else { break };
        let more = format!("  {}", rest[at..].trim_start());
        rest.truncate(at);
        lines.push(std::mem::replace(&mut rest, more));
    }
    lines.push(rest);
    lines
}

/// Where something new begins: a chapter, a command, what it printed about another resource, a warning, the result.
fn steps(lines: &[String]) -> Vec<usize> {
    const STARTS: [&str; 6] = ["── ", "$ ", "  # ", "Plan: ", "Warning: ", "Result: "];
    (0..lines.len()).filter(|line| STARTS.iter().any(|start| lines[*line].starts_with(start))).collect()
}

/// A line of the terminal, in the demo's colours.
fn shown(y: u32, line: &str) -> String {
    let text = |parts: &[(&str, &str)]| {
        let spans: String = parts.iter().map(|(class, part)| span(class, part)).collect();
        format!(r#"<text x="20" y="{y}" xml:space="preserve">{spans}</text>"#)
    };
    if line.starts_with("── ") || line.starts_with("Plan: ") || line.starts_with("$ ") {
        return text(&[("strong", line)]);
    }
    if line.starts_with("Warning: ") {
        return text(&[("warn", line)]);
    }
    for (word, class) in [("Next:", "main"), ("Result:", "good")] {
        if let Some(rest) = line.strip_prefix(word) {
            return text(&[(class, word), ("", rest)]);
        }
    }
    let blanks = line.len() - line.trim_start().len();
    let (indent, rest) = line.split_at(blanks);
    for (sign, class) in [("+ ", "good"), ("~ ", "warn")] {
        if let Some(rest) = rest.strip_prefix(sign).filter(|_| blanks > 0) {
            return text(&[("", indent), (class, sign), ("", rest)]);
        }
    }
    text(&[(if rest.starts_with('…') { "dim" } else { "" }, line)])
}

fn span(class: &str, text: &str) -> String {
    if class.is_empty() { escaped(text) } else { format!(r#"<tspan class="{class}">{}</tspan>"#, escaped(text)) }
}

/// The text with a name for each id, and without ports and seconds.
fn named(printed: &str) -> String {
    let mut names = BTreeMap::new();
    printed.lines().map(|line| named_line(line, &mut names) + "\n").collect()
}

fn named_line(line: &str, names: &mut BTreeMap<String, String>) -> String {
    let mut line = line.to_owned();
    if let Some((start, rest)) = line.split_once(" complete after ") {
        let rest = rest.trim_start_matches(|character: char| character != ' ');
        line = format!("{start} complete{rest}");
    }
    if let Some((start, rest)) = line.split_once("127.0.0.1:") {
        line =
            format!("{start}127.0.0.1:PORT{}", rest.trim_start_matches(|character: char| character.is_ascii_digit()));
    }
    // A link's id may be digits alone, so it is known by its place.
    if let Some((start, rest)) = line.split_once("[id=")
        && let Some((id, rest)) = rest.split_once(']')
    {
        let kind = if start.contains("link") { "okd-" } else { "0oa" };
        let name = name(names, kind, id);
        line = format!("{start}[id={name}]{rest}");
    }
    let is_of_a_word = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
    let words: Vec<String> = line
        .split_inclusive(|character| !is_of_a_word(character))
        .map(|part| {
            let word = part.trim_end_matches(|character| !is_of_a_word(character));
            let kind = ["0oa", "ocs"].into_iter().find(|kind| word.len() == 20 && word.starts_with(kind));
            kind.map_or_else(|| part.to_owned(), |kind| name(names, kind, word) + &part[word.len()..])
        })
        .collect();
    words.concat()
}

fn name(names: &mut BTreeMap<String, String>, kind: &str, id: &str) -> String {
    let next = names.values().filter(|name| name.starts_with(kind)).count() + 1;
    names.entry(id.to_owned()).or_insert_with(|| format!("{kind}…{next}")).clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: &str = "\n── 1 of 2: Install\nNext: it installs.\n$ terraform apply\n  # x will be created\n\
                       \x20     + org_url = \"http://127.0.0.1:41193\"\n\
                       druva_okta_integration.this: Creation complete after 2s [id=0oaz5hgM6djVGnXKQVBG]\n\
                       druva_okta_link.this: Creation complete after 0s [id=2886770]\nResult: a < b.\n\n\
                       ── 2 of 2: Drift\nSomebody deactivated the secret ocsRjffoWTANMDteCeTF in Okta.\n\
                       druva_okta_link.this: Modifications complete after 12s [id=2886770]\n\nDone. All of it is in /tmp/x\n";

    #[test]
    fn two_runs_have_one_picture() {
        let other = RUN
            .replace("41193", "8")
            .replace("after 2s", "after 1m3s")
            .replace("0oaz5hgM6djVGnXKQVBG", "0oaAAAAAAAAAAAAAAAAA")
            .replace("2886770", "okd-AAAA")
            .replace("ocsRjffoWTANMDteCeTF", "ocsAAAAAAAAAAAAAAAAA")
            .replace("/tmp/x", "/home/y");
        assert_eq!(svg(RUN), svg(&other));
    }

    #[test]
    fn what_a_run_draws_has_a_name_and_the_rest_is_as_printed() {
        let lines = story(&named(RUN));
        assert_eq!(lines[4], "      + org_url = \"http://127.0.0.1:PORT\"");
        assert_eq!(lines[5], "druva_okta_integration.this: Creation complete [id=0oa…1]");
        assert_eq!(
            lines[7..],
            [
                "Result: a < b.",
                "",
                "── 2 of 2: Drift",
                "Somebody deactivated the secret ocs…1 in Okta.",
                "druva_okta_link.this: Modifications complete [id=okd-…1]"
            ]
        );
    }

    #[test]
    fn long_lines_go_on_in_the_next_one() {
        let words = "word ".repeat(30);
        let lines = wrapped(words.trim_end());
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| line.chars().count() <= COLUMNS), "{lines:?}");
        assert_eq!(lines.concat().split_whitespace().count(), 30);
        assert_eq!(wrapped(&"x".repeat(200)), ["x".repeat(200)]);
    }

    #[test]
    fn it_scrolls_to_the_last_line_and_shows_each_once() {
        let short = svg(RUN);
        for part in ["a &lt; b.", ">$ terraform apply<", r#"<tspan class="good">+ </tspan>"#] {
            assert_eq!(short.matches(part).count(), 1, "{part}\n{short}");
        }
        assert!(!short.contains("translateY(-18px)"), "{short}");
        let long = svg(&RUN.replace("Done.", &format!("$ terraform plan\n{}Done.", "line\n".repeat(30))));
        let hidden = 12 + 1 + 1 + 30 - ROWS;
        assert!(long.contains(&format!("100%{{transform:translateY(-{}px)}}", hidden * LINE)), "{long}");
    }
}
