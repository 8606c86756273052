//! What of a text's characters a terminal or a CI system would take for more than a text.

/// What a terminal obeys, or what changes the order or the lines of a text: control characters, line and paragraph
/// separators, and the controls of bidirectional text.
pub(super) fn is_control(character: char) -> bool {
    let directs =
        matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    character.is_control() || directs || matches!(character, '\u{2028}' | '\u{2029}')
}

/// What could part a secret without being seen: control characters, and those of no width, which many languages need.
pub(super) fn is_invisible(character: char) -> bool {
    let has_no_width = matches!(
        character,
        '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e007f}'
    );
    is_control(character) || has_no_width
}

/// The same in one line that means nothing to a terminal or a CI system: a white space in the place of line breaks and tabs,
/// `\u{fffd}` in the place of other control characters.
///
/// A line of GitHub's runner that begins with `::`, and a `##[` or `##vso[` anywhere in GitHub's and Azure's, is a command.
pub(super) fn clean(text: &str) -> String {
    let visible: String = text
        .chars()
        .map(|character| match character {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' | '\u{85}' => ' ',
            control if is_control(control) => char::REPLACEMENT_CHARACTER,
            visible => visible,
        })
        .collect();
    let words = visible
        .split(' ')
        .map(|word| word.strip_prefix("::").map_or_else(|| word.to_owned(), |rest| format!(": :{rest}")));
    words.collect::<Vec<_>>().join(" ").replace("##[", "## [").replace("##vso[", "## vso[").trim().to_owned()
}
