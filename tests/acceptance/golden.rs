//! Texts that people read, kept in full in `golden/` and compared to the letter.
//!
//! What differs from run to run is replaced: ports, ids, times. With `UPDATE_GOLDEN=1` the files are written anew; look at
//! the difference before it is committed.

use std::path::Path;

use crate::engine::{Engine, engine};
use crate::printed::Printed;

const UPDATE: &str = "UPDATE_GOLDEN";

impl Printed {
    /// Fails unless the diagnostics that begin with these words, as in "Error: ", are those of `golden/NAME.txt`.
    #[track_caller]
    pub fn diagnostics_are(&self, begin: &str, name: &str) -> &Self {
        let meant: Vec<String> =
            diagnostics(&self.text).into_iter().filter(|diagnostic| diagnostic.starts_with(begin)).collect();
        assert_golden(name, &meant.join("\n\n"));
        self
    }
}

/// Fails unless `text` is what `golden/NAME.txt` has, when the parts that differ are replaced in it.
#[track_caller]
pub fn assert_golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/acceptance/golden").join(format!("{name}.txt"));
    let text = with_placeholders(text.trim()) + "\n";
    assert!(text.len() > 1, "nothing was printed that {} could have", path.display());
    if std::env::var_os(UPDATE).is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let as_terraform = |text: &str| {
        text.replace("OpenTofu", "Terraform").replace(Engine::OpenTofu.registry(), Engine::Terraform.registry())
    };
    assert!(
        kept == text || engine() == Engine::OpenTofu && as_terraform(&kept) == as_terraform(&text),
        "{} has another text. If the new one is right, run the test again with {UPDATE}=1.\n--- kept\n{kept}\n--- new\n{text}",
        path.display()
    );
}

/// The diagnostics that Terraform printed, with paragraphs in one line: where Terraform breaks them depends on the length of
/// what differs.
pub fn diagnostics(text: &str) -> Vec<String> {
    const ENDS: [&str; 4] = ["Apply complete!", "Destroy complete!", "Releasing state lock", "────"];
    let mut found: Vec<Vec<String>> = Vec::new();
    let mut is_inside = false;
    for line in text.lines() {
        if line.starts_with("Error: ") || line.starts_with("Warning: ") {
            found.push(vec![line.to_owned()]);
            is_inside = true;
            continue;
        }
        is_inside = is_inside && !ENDS.iter().any(|end| line.starts_with(end));
        let Some(lines) = found.last_mut().filter(|_| is_inside) else { continue };
        match lines.last_mut() {
            Some(last) if goes_on(last) && goes_on(line) => *last = format!("{last} {line}"),
            _ => lines.push(line.trim_end().to_owned()),
        }
    }
    found.into_iter().map(|lines| lines.join("\n").trim().to_owned()).collect()
}

/// Terraform breaks no line that is indented.
fn goes_on(line: &str) -> bool {
    !line.is_empty() && !line.starts_with(' ')
}

fn with_placeholders(text: &str) -> String {
    let mut replaced = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|character| is_of_word(character) != is_of_word(first)).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        let is_id_of_answer = replaced.ends_with("error id ") || replaced.ends_with("request id ");
        replaced += &if is_id_of_answer { "ID".to_owned() } else { placeholder(part) };
        rest = after;
    }
    replaced
}

fn is_of_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.' | ':')
}

fn placeholder(word: &str) -> String {
    let bare = word.trim_end_matches(['.', ':']);
    let end = &word[bare.len()..];
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let replaced = match bare {
        _ if bare.rsplit_once(':').is_some_and(|(host, port)| host.starts_with("127.0.0.") && is_number(port)) => {
            format!("{}:PORT", bare.split(':').next().unwrap_or_default())
        }
        _ if bare.len() == 24 && bare.ends_with('Z') && bare.contains('T') => "TIME".to_owned(),
        // Druva's ids of links are texts or numbers.
        _ if bare.starts_with("okd") || bare.len() >= 5 && is_number(bare) => "LINK".to_owned(),
        // One in dozens has no digit after its prefix.
        _ if bare.len() == 20 && bare.starts_with("ocs") => "ocsID".to_owned(),
        _ if bare.len() > 16 && bare.bytes().any(|byte| byte.is_ascii_digit()) && !bare.contains('_') => {
            format!("{}ID", &bare[..3])
        }
        _ => bare.to_owned(),
    };
    replaced + end
}

#[test]
fn what_differs_is_replaced_and_what_was_broken_is_joined() {
    let printed = "noise\n\nWarning: Odd\n\nIt is.\n\nError: Cannot\n\n  with a.b,\n  on main.tf line 1:\n   1: x\n\n\
        No http://127.0.0.1:4711 [403, error id\noaeAbC]. Then\n0oa72lrepvp4WqEET1d9:\n  - one\n\nApply complete! Not so.";
    assert_eq!(
        diagnostics(printed).iter().map(|text| with_placeholders(text)).collect::<Vec<_>>(),
        [
            "Warning: Odd\n\nIt is.",
            "Error: Cannot\n\n  with a.b,\n  on main.tf line 1:\n   1: x\n\n\
             No http://127.0.0.1:PORT [403, error id ID]. Then 0oaID:\n  - one"
        ]
    );
    assert_eq!(placeholder("druva_data_security_cloud"), "druva_data_security_cloud");
    assert_eq!(placeholder("ocsMgusnZrfdplvcravd"), "ocsID");
    assert_eq!(placeholder("2026-01-02T03:04:05.000Z."), "TIME.");
}
