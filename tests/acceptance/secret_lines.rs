//! Terraform prints the line of the argument that an error is about, as it stands. No error is about an argument that may
//! hold a secret: a secret that is written there, wrong as it is, is not printed.

use druva_docs::schema::{Attribute, Block};
use serde_json::{Map, Value, json};

use crate::documentation::printed;
use crate::lab::{BOTH, Lab};

/// No argument takes it: it ends with a blank, and is neither a URL nor a path.
const WRONG: &str = "a secret that came with blanks ";

/// An argument, and the block that it is in with all that the block needs.
struct Case {
    /// `okta.api_token`.
    argument: String,
    /// `["provider", "druva"]`, `["resource", "druva_okta_link", "this"]`.
    labels: Vec<String>,
    body: Value,
}

fn is_secret(attribute: &Attribute) -> bool {
    attribute.sensitive || attribute.write_only
}

/// A case for each such argument of a block and of the blocks in it.
fn cases(labels: &[&str], block: &Block) -> Vec<Case> {
    let needed: Map<String, Value> = (block.attributes.iter())
        .filter(|(_, attribute)| attribute.required)
        .map(|(name, _)| (name.clone(), json!("example.okta.com")))
        .collect();
    let case = |argument: String, name: &str, value: Value| {
        let mut body = needed.clone();
        body.insert(name.to_owned(), value);
        let body = if labels[0] == "action" { json!({ "config": body }) } else { body.into() };
        Case { argument, labels: labels.iter().map(|&label| label.to_owned()).collect(), body }
    };
    let secrets = |block: &Block| {
        let secrets = block.attributes.iter().filter(|(_, attribute)| is_secret(attribute));
        secrets.map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    let own = secrets(block).into_iter().map(|name| case(name.clone(), &name, json!(WRONG)));
    let nested = block.block_types.iter().flat_map(|(outer, nested)| {
        let inner = secrets(&nested.block).into_iter();
        inner.map(move |name| case(format!("{outer}.{name}"), outer, json!({ name: WRONG })))
    });
    own.chain(nested).collect()
}

/// Those of everything that this Terraform knows of the provider.
fn all() -> Vec<Case> {
    let schema = printed();
    let mut all = cases(&["provider", "druva"], &schema.provider.block);
    for (kind, named) in [
        ("resource", &schema.resources),
        ("data", &schema.data_sources),
        ("ephemeral", &schema.ephemeral_resources),
        ("action", &schema.actions),
    ] {
        for (name, schema) in named {
            all.extend(cases(&[kind, name, "this"], &schema.block));
        }
    }
    all
}

/// A block with each argument on a line of its own.
fn hcl(head: &str, body: &Value) -> String {
    let lines = body.as_object().unwrap().iter().map(|(name, value)| match value {
        Value::Object(_) => hcl(name, value),
        other => format!("{name} = {other}\n"),
    });
    format!("{head} {{\n{}}}\n", lines.collect::<String>())
}

impl Case {
    fn hcl(&self) -> String {
        let labels = self.labels[1..].iter().map(|label| format!(" \"{label}\""));
        hcl(&(self.labels[0].clone() + &labels.collect::<String>()), &self.body)
    }

    fn json(&self) -> String {
        let whole = self.labels.iter().rev().fold(self.body.clone(), |inner, label| json!({ label: inner }));
        serde_json::to_string_pretty(&whole).unwrap()
    }
}

#[test]
fn the_line_of_a_secret_that_is_wrong_is_not_printed() {
    let all = all();
    let named: Vec<String> = all.iter().map(|case| format!("{}.{}", case.labels[1], case.argument)).collect();
    for known in [
        "druva.access_token",
        "druva.client_secret",
        "druva.http_proxy",
        "druva.okta.access_token",
        "druva.okta.api_token",
        "druva.okta.private_key",
        "druva_okta_integration.client_secret",
        "druva_okta_link.client_secret",
        "druva_okta_link.client_secret_wo",
    ] {
        assert!(named.iter().any(|name| name == known), "{known} is not among {named:?}");
    }
    let lab = Lab::new("");
    // Terraform looks into a provider block only where something needs the provider.
    lab.write("needs_it.tf", "data \"druva_okta_links\" \"this\" {}");
    std::fs::remove_file(lab.path("provider.tf")).unwrap();
    for case in all {
        for (file, text) in [("main.tf", case.hcl()), ("main.tf.json", case.json())] {
            lab.write(file, &text);
            let printed = lab.validate_fails();
            printed.says(&["Error: ", &case.argument, &format!("on {file} line ")]).does_not_say(&[WRONG]);
            std::fs::remove_file(lab.path(file)).unwrap();
        }
    }
}

/// What Okta finds wrong is said of the secret, too.
#[test]
fn the_line_of_a_secret_that_okta_refuses_is_not_printed() {
    const REFUSED: &str = "aSecretThatOktaDoesNotKnow";
    let lab = Lab::new(BOTH);
    lab.apply();
    let link = Case {
        argument: "client_secret".to_owned(),
        labels: ["resource", "druva_okta_link", "this"].map(str::to_owned).to_vec(),
        body: json!({
            "okta_domain": lab.sandbox.okta_url,
            "client_id": "${druva_okta_integration.this.client_id}",
            "client_secret": REFUSED,
        }),
    };
    let integration = "resource \"druva_okta_integration\" \"this\" {}\n";
    lab.configure(&(integration.to_owned() + &link.hcl()));
    lab.apply_fails().says(&["on main.tf line 2", "client_secret"]).does_not_say(&[REFUSED]);
    lab.configure(integration);
    lab.write("link.tf.json", &link.json());
    lab.apply_fails().says(&["on link.tf.json line ", "client_secret"]).does_not_say(&[REFUSED]);
}
