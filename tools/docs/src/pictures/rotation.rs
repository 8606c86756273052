//! A rotation over time: two secrets, one of which Druva uses at any moment.

use crate::svg::{At, Svg};

const LEFT: u32 = 150;
const RIGHT: u32 = 830;
/// When the new secret is minted, when Druva has it, when the older one is deactivated, and when it is deleted.
const MINTED: u32 = 290;
const HANDED_OVER: u32 = 450;
const DEACTIVATED: u32 = 600;
const DELETED: u32 = 700;

pub fn draw() -> String {
    let title = "A rotation in one apply. First the provider mints a second secret. Then it verifies it and gives it to Druva. Only when \
                 Druva is connected with it, the older secret is deactivated, and then deleted. Druva has a secret that works all the time.";
    let mut svg = Svg::new(860, 380, title);
    svg.style(".bar{stroke-width:1.5} .old{fill-opacity:0.22} .gone{fill:none;stroke-dasharray:4 3} .mark{stroke-dasharray:3 4}\n");

    svg.push(&format!(r#"<path class="arrow s-main" d="M{MINTED} 44V34H{DELETED}V44"/>"#));
    svg.text(MINTED.midpoint(DELETED), 27, "b main", At::Middle, "one apply");
    for (x, number, lines) in [
        (MINTED, "1", ["mint a second", "secret in Okta"]),
        (HANDED_OVER, "2", ["verify it, give it", "to Druva, wait"]),
        (DEACTIVATED, "3", ["deactivate", "the older one"]),
        (DELETED, "", ["if connected,", "delete it"]),
    ] {
        svg.push(&format!(r#"<path class="arrow mark s-line" d="M{x} 104V322"/>"#));
        svg.text(x, 64, "b", At::Middle, number);
        svg.text(x, 81, "dim", At::Middle, lines[0]);
        svg.text(x, 97, "dim", At::Middle, lines[1]);
    }

    let mut bar = |y: u32, from: u32, to: u32, colour: &str, class: &str, text: &str| {
        let width = to - from;
        // Nothing shines through from behind.
        svg.push(&format!(r#"<rect class="back" x="{from}" y="{y}" width="{width}" height="34" rx="4"/>"#));
        svg.push(&format!(
            r#"<rect class="bar {class} {colour} s-{colour}" x="{from}" y="{y}" width="{width}" height="34" rx="4"/>"#
        ));
        svg.text(from.midpoint(to), y + 22, "", At::Middle, text);
    };
    bar(116, LEFT, DEACTIVATED, "line", "old", "active");
    bar(116, DEACTIVATED, DELETED, "line", "gone", "inactive");
    bar(176, MINTED, RIGHT, "good", "old", "active");
    bar(236, LEFT, HANDED_OVER, "line", "old", "the older secret");
    bar(236, HANDED_OVER, RIGHT, "good", "old", "the new secret");
    bar(288, LEFT, RIGHT, "main", "old", "backups go on");
    for (y, name) in [(138, "Older secret"), (198, "New secret"), (258, "Druva uses")] {
        svg.text(24, y, "b", At::Left, name);
    }
    svg.push(&format!(r#"<path class="arrow s-good" d="M{LEFT} 346H{DEACTIVATED}M{DEACTIVATED} 340V352"/>"#));
    svg.text(
        LEFT,
        366,
        "good",
        At::Left,
        "until here a failure costs nothing: the older secret still works, and the next apply goes on",
    );
    svg.finish()
}
