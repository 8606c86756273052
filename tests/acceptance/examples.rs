//! The examples of the registry's layout, applied to the sandbox: what they show works.

use druva_docs::examples;
use druva_docs::kind::Kind;

use crate::documentation::{files, served};
use crate::lab::{BOTH, INTEGRATION, LINK, Lab};

/// What the examples call an integration and an org.
const ID: &str = "0oa72lrepvp4WqEET1d9";
const ORG: &str = "example.okta.com";

/// The example files of all things of a kind.
fn all(kind: Kind) -> Vec<(String, &'static str)> {
    let paths = kind.names(served()).into_iter().flat_map(|name| examples::of(files(), kind, name));
    paths.map(|path| (path.clone(), files()[&path].as_str())).collect()
}

/// An example with the ids of what there is in a lab's sandbox.
fn with_real_ids(lab: &Lab, text: &str) -> String {
    let id = lab.sandbox.integration()["id"].as_str().unwrap().to_owned();
    text.replace(ID, &id)
        .replace(&format!("https://{ORG}"), &lab.sandbox.okta_url)
        .replace(ORG, &lab.sandbox.okta_host())
}

/// A lab whose resources are there, and which Terraform knows nothing of.
fn forgotten() -> Lab {
    let lab = Lab::with_both();
    lab.run(&["state", "rm", INTEGRATION, LINK]).expect_success();
    lab
}

#[test]
fn resources_apply() {
    let lab = Lab::for_documents("");
    let examples = all(Kind::Resource);
    assert!(examples.len() >= served().resources.len(), "{examples:?}");
    for (path, text) in examples {
        eprintln!("{path}");
        lab.configure(text);
        lab.apply();
        lab.plan_is_empty();
        lab.configure(&text.replace("prevent_destroy = true", "prevent_destroy = false"));
        lab.destroy();
    }
}

#[test]
fn imports_work() {
    let lab = forgotten();
    let files_called = |name: &str| {
        let paths = served().resources.keys().map(|resource| examples::folder(Kind::Resource, resource) + name);
        paths.map(|path| with_real_ids(&lab, &files()[&path])).collect::<Vec<_>>()
    };
    for text in files_called("import.sh") {
        let command = text.lines().find_map(|line| line.strip_prefix("terraform ")).unwrap();
        lab.run(&command.split(' ').collect::<Vec<_>>()).expect_success().says(&["Import successful!"]);
    }
    lab.plan_is_empty();

    lab.run(&["state", "rm", INTEGRATION, LINK]).expect_success();
    let blocks = files_called("import-by-string-id.tf");
    lab.configure(&format!("{BOTH}\n{}", blocks.join("\n")));
    let count = blocks.len();
    lab.apply().says(&[&format!("Plan: {count} to import, 0 to add")]);
}

/// Those that have resources start from an org without any, as their readers do.
#[test]
fn data_sources_and_functions_apply() {
    let (with, without): (Vec<_>, Vec<_>) = [Kind::DataSource, Kind::Function]
        .into_iter()
        .flat_map(all)
        .partition(|(_, text)| text.contains("resource \""));
    let lab = forgotten();
    let texts = without.iter().map(|(path, text)| match path.contains("/data-sources/") {
        true => with_real_ids(&lab, text),
        false => (*text).to_owned(),
    });
    // All at once: that no two declare the same name is worth the time that it saves.
    lab.configure(&texts.collect::<Vec<_>>().join("\n"));
    lab.apply();
    lab.plan_is_empty();
    for (path, text) in with {
        eprintln!("{path}");
        Lab::for_documents(text).full_loop();
    }
}
