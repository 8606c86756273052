//! The three ways of the client secret, and who can read it where.

use crate::svg::{At, Svg};

pub fn draw() -> String {
    let title = "The three ways of the client secret. With client_secret it lies in the state, and whoever reads the state reads it. \
                 With client_secret_wo it lies in a vault, and whoever reads the vault reads it. With mint_client_secret it lies \
                 nowhere on your side, and nobody can read it.";
    let mut svg = Svg::new(860, 380, title);
    for (x, name) in
        [(20, "The way"), (205, "From"), (355, "During the run"), (535, "To"), (655, "Who can read it afterwards")]
    {
        svg.text(x, 34, "dim", At::Left, name);
    }
    for (way, y) in WAYS.iter().zip([48, 180, 272]) {
        row(&mut svg, y, way);
    }
    svg.finish()
}

struct Way {
    name: [&'static str; 2],
    from: (&'static str, &'static [&'static str]),
    /// Where it is written.
    kept: Option<&'static str>,
    readers: (&'static str, &'static [&'static str]),
}

const WAYS: [Way; 3] = [
    Way {
        name: ["1", "client_secret"],
        from: ("line", &["Okta", "at the installation"]),
        kept: Some("State, saved plan"),
        readers: ("warn", &["Who reads the state,", "its backups, or a", "saved plan file"]),
    },
    Way {
        name: ["2", "client_secret_wo"],
        from: ("warn", &["Your vault", "filled by a person"]),
        kept: None,
        readers: ("warn", &["Who reads the vault.", "State and plan", "do not have it"]),
    },
    Way {
        name: ["3", "mint_client_secret"],
        from: ("line", &["Okta", "in this apply"]),
        kept: None,
        readers: ("good", &["Nobody on your side.", "It is forgotten as soon", "as Druva has it"]),
    },
];

fn row(svg: &mut Svg, y: u32, way: &Way) {
    svg.push(&format!(r#"<path class="arrow s-line" stroke-opacity="0.4" d="M20 {y}H840"/>"#));
    let middle = y + 46;
    svg.text(20, middle - 6, "b", At::Left, &format!("Way {}", way.name[0]));
    svg.text(20, middle + 14, "dim", At::Left, way.name[1]);
    svg.node([205, middle - 30, 130, 60], way.from.0, way.from.1);
    svg.arrow("main", &[(335, middle), (363, middle)]);
    svg.node([365, middle - 30, 130, 60], "main", &["Provider", "in memory only"]);
    svg.arrow("main", &[(495, middle), (533, middle)]);
    svg.node([535, middle - 30, 90, 60], "line", &["Druva"]);
    if let Some(kept) = way.kept {
        svg.arrow("warn", &[(430, middle + 30), (430, middle + 48)]);
        svg.node([350, middle + 50, 160, 28], "warn", &[kept]);
    }
    let (colour, lines) = way.readers;
    for (line, at) in lines.iter().zip((middle - 12..).step_by(18)) {
        svg.text(655, at, &format!("b {colour}"), At::Left, line);
    }
}
