//! Pictures as SVG, readable on a light and on a dark page: a background of their own, and colours for both.
//!
//! A page shows them as images, so that they can take nothing from it: neither its fonts nor its colours.

use std::fmt::Write as _;

/// What each picture has: the names of its colours, for a light page and for a dark one.
const COLOURS: [(&str, &str, &str); 8] = [
    ("back", "#f6f8fa", "#0d1117"),
    ("front", "#ffffff", "#161b22"),
    ("line", "#8c959f", "#6e7681"),
    ("text", "#1f2328", "#e6edf3"),
    ("dim", "#59636e", "#9198a1"),
    ("good", "#1a7f37", "#3fb950"),
    ("warn", "#9a6700", "#d29922"),
    ("main", "#0969da", "#58a6ff"),
];

/// A picture that is not finished.
pub struct Svg {
    width: u32,
    height: u32,
    title: String,
    style: String,
    body: String,
}

/// Where a text begins.
#[derive(Clone, Copy)]
pub enum At {
    /// At its place.
    Left,
    /// So that its place is its middle.
    Middle,
}

impl Svg {
    /// An empty picture. Its title is what somebody hears who does not see it.
    #[must_use]
    pub fn new(width: u32, height: u32, title: &str) -> Self {
        Self { width, height, title: title.to_owned(), style: String::new(), body: String::new() }
    }

    /// More rules of style.
    pub fn style(&mut self, rules: &str) {
        self.style += rules;
    }

    /// Anything.
    pub fn push(&mut self, element: &str) {
        self.body += element;
        self.body.push('\n');
    }

    /// A dashed area with its name at the top.
    pub fn area(&mut self, [x, y, width, height]: [u32; 4], name: &str) {
        self.push(&format!(r#"<rect class="area" x="{x}" y="{y}" width="{width}" height="{height}" rx="10"/>"#));
        self.text(x + 14, y + 24, "b dim", At::Left, name);
    }

    /// A box of a colour with lines of text in it. The first is its name.
    pub fn node(&mut self, [x, y, width, height]: [u32; 4], colour: &str, lines: &[&str]) {
        self.push(&format!(
            r#"<rect class="node s-{colour}" x="{x}" y="{y}" width="{width}" height="{height}" rx="6"/>"#
        ));
        let step = 17;
        let count = u32::try_from(lines.len()).unwrap_or(0);
        let mut baseline = y + height / 2 + 5 - step * count.saturating_sub(1) / 2;
        for (number, line) in lines.iter().enumerate() {
            let class = if number == 0 { "b" } else { "dim" };
            self.text(x + width / 2, baseline, class, At::Middle, line);
            baseline += step;
        }
    }

    /// A line through these points, with a head at its end.
    pub fn arrow(&mut self, colour: &str, points: &[(u32, u32)]) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
        self.push(&format!(
            r#"<polyline class="arrow s-{colour}" points="{}" marker-end="url(#head-{colour})"/>"#,
            points.join(" ")
        ));
    }

    /// A text.
    pub fn text(&mut self, x: u32, y: u32, class: &str, at: At, text: &str) {
        let anchor = match at {
            At::Left => "",
            At::Middle => r#" text-anchor="middle""#,
        };
        self.push(&format!(r#"<text class="{class}" x="{x}" y="{y}"{anchor}>{}</text>"#, escaped(text)));
    }

    /// The file.
    #[must_use]
    pub fn finish(self) -> String {
        let Self { width, height, title, style, body } = self;
        let title = escaped(&title);
        let mut rules = String::new();
        let colours = |pick: fn(&(&str, &str, &str)) -> String| COLOURS.iter().map(pick).collect::<String>();
        let light = colours(|(name, light, _)| format!("--{name}:{light};"));
        let dark = colours(|(name, _, dark)| format!("--{name}:{dark};"));
        let mut heads = String::new();
        let _ = writeln!(rules, ":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}");
        for (name, ..) in COLOURS {
            let _ = writeln!(rules, ".{name}{{fill:var(--{name})}} .s-{name}{{stroke:var(--{name})}}");
            let head =
                format!(r#"id="head-{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8""#);
            if body.contains(&format!("url(#head-{name})")) {
                let _ = writeln!(
                    heads,
                    r#"<marker {head} orient="auto"><path class="{name}" d="M0 0 8 4 0 8z"/></marker>"#
                );
            }
        }
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">
<title>{title}</title>
<style>
{rules}text{{font:13px -apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif;fill:var(--text)}}
text.b{{font-weight:600}} text.dim{{fill:var(--dim)}} text.good{{fill:var(--good)}} text.warn{{fill:var(--warn)}} text.main{{fill:var(--main)}}
.area{{fill:none;stroke:var(--line);stroke-dasharray:5 4}} .node{{fill:var(--front);stroke-width:1.5}} .arrow{{fill:none;stroke-width:1.5}}
{style}</style>
<defs>
{heads}</defs>
<rect class="back s-line" x="0.5" y="0.5" width="{right}" height="{bottom}" rx="8" stroke-opacity="0.5"/>
{body}</svg>
"#,
            right = width - 1,
            bottom = height - 1,
        )
    }
}

/// A text as XML has it.
#[must_use]
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_and_arrows_have_the_head_that_they_name() {
        let mut picture = Svg::new(100, 50, "a < b");
        picture.node([10, 10, 50, 30], "good", &["one & two"]);
        picture.arrow("warn", &[(0, 0), (10, 10)]);
        let svg = picture.finish();
        for part in ["<title>a &lt; b</title>", ">one &amp; two</text>", r#"points="0,0 10,10""#] {
            assert!(svg.contains(part), "{part}\n{svg}");
        }
        assert_eq!(svg.matches("<marker ").count(), 1, "{svg}");
        assert!(svg.contains(r#"<marker id="head-warn""#), "{svg}");
    }
}
