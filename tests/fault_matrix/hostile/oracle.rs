//! Whether what left the provider shows what was reflected.

use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;

use super::mirror::Reflection;

/// So many bytes of a credential are a leak, and what so many of them were written as. Half of one is as well, and no text has
/// them by chance.
const PIECE: usize = 12;

/// Which of the reflections can be read.
pub fn leaked(shown: &[u8], reflections: &[Reflection]) -> HashSet<usize> {
    // By their length: some encodings take six bytes for one.
    let mut pieces: HashMap<usize, HashMap<&[u8], Vec<usize>>> = HashMap::new();
    for (place, Reflection { text, credential, .. }) in reflections.iter().enumerate() {
        let growth = text.len().div_ceil(credential.text.len().max(1));
        for (text, length) in [(&credential.text, PIECE), (text, PIECE * growth)] {
            let pieces = pieces.entry(length).or_default();
            for piece in text.as_bytes().windows(length) {
                let places = pieces.entry(piece).or_default();
                if places.last() != Some(&place) {
                    places.push(place);
                }
            }
        }
    }
    let mut leaked = HashSet::new();
    for shown in [shown, &unescaped(shown)] {
        for (length, pieces) in &pieces {
            leaked.extend(shown.windows(*length).filter_map(|piece| pieces.get(piece)).flatten());
        }
    }
    leaked
}

/// The texts of the log, whose lines are JSON, and everything else with each backslash once.
fn unescaped(shown: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(shown);
    let line = |line: &str| match serde_json::from_str::<Json>(line) {
        Ok(Json::Object(members)) => {
            members.iter().map(|(name, value)| format!("{name} {}\n", value.as_str().unwrap_or_default())).collect()
        }
        _ => format!("{}\n", line.replace("\\\\", "\\")),
    };
    text.lines().map(line).collect::<String>().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::super::credentials::Credential;
    use super::super::encoding::json_units;
    use super::*;

    #[test]
    fn a_part_of_what_was_reflected_is_found_in_answers_and_in_the_log() {
        let reflection = |text: &str, credential: &str| Reflection {
            row: String::new(),
            credential: Credential { kind: "token", text: credential.to_owned() },
            text: text.to_owned(),
        };
        let reflections = [
            reflection("aBcDeFgHiJkLmNoPqRsT", "aBcDeFgHiJkLmNoPqRsT"),
            reflection(&json_units("abcdefghijklmnopqrst"), "abcdefghijklmnopqrst"),
        ];
        let found = |shown: &str| {
            let mut found: Vec<usize> = leaked(shown.as_bytes(), &reflections).into_iter().collect();
            found.sort_unstable();
            found
        };
        assert_eq!(found("It was ***, BcDeFgHiJkL"), [0; 0]);
        assert_eq!(found("\u{1}\u{2} cDeFgHiJkLmNo"), [0]);
        let line = |text: &str| serde_json::json!({"@message": format!("It was {text}.")}).to_string();
        assert_eq!(found(&line(&json_units("cdefghijklmn"))), [1]);
        assert_eq!(found(&line(&json_units("cdefghijklm"))), [0; 0]);
        assert_eq!(found("aBcDeFgHiJkLmNo ijklmnopqrst"), [0, 1]);
    }
}
