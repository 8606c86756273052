//! The blocks `okta` and `timeouts`: what is refused in one, and what may be in one.

use serde_json::{Value, json};
use testkit::sandbox::Sandbox;

use crate::lab::{BOTH, INTEGRATION, LINK, Lab, both, druva_arguments, okta_block, provider_block};

/// What Terraform says of a name that a block does not have. It adds a name that is similar.
fn unexpected(name: &str) -> String {
    format!("An argument named \"{name}\" is not expected here. Did you mean ")
}

/// Terraform looks into a provider block only where something needs the provider.
const USES_IT: &str = "data \"druva_okta_links\" \"this\" {}";

/// Fails unless the configuration is refused because of this name, on the line where it is.
fn refuses(lab: &Lab, configuration: &str, name: &str) {
    lab.configure(configuration);
    let line = 1 + configuration.lines().position(|line| line.trim_start().starts_with(name)).unwrap();
    lab.validate_fails().says(&["Unsupported argument", &format!("on main.tf line {line}"), &unexpected(name)]);
}

#[test]
fn a_misspelt_argument_is_refused() {
    let lab = Lab::new("");
    let creating = "timeouts {\ncreat = \"1h\"\n}";
    refuses(&lab, &both(creating, ""), "creat");
    refuses(&lab, &both("", creating), "creat");
    for data_source in ["okta_integration", "okta_integrations", "okta_link", "okta_links", "okta_preflight"] {
        let reading = format!("data \"druva_{data_source}\" \"this\" {{\ntimeouts {{\nraed = \"1h\"\n}}\n}}");
        refuses(&lab, &reading, "raed");
    }
    lab.configure(USES_IT);
    lab.write("provider.tf", "provider \"druva\" {\n  okta {\n    org_ulr = \"https://globex.okta.com\"\n  }\n}");
    let on = "on provider.tf line 3, in provider \"druva\": 3: org_ulr = \"https://globex.okta.com\"";
    lab.validate_fails().says(&["Unsupported argument", on, &unexpected("org_ulr")]);

    std::fs::remove_file(lab.path("provider.tf")).unwrap();
    let provider = json!({"provider": {"druva": {"okta": {"org_ulr": "https://globex.okta.com"}}}});
    lab.write("provider.tf.json", &provider.to_string());
    lab.validate_fails().says(&["Extraneous JSON object property", "No argument or block type is named \"org_ulr\"."]);
}

#[test]
fn an_object_and_a_second_block_are_refused() {
    let lab = Lab::new(&both("timeouts = { create = \"1h\" }", ""));
    let object = |name: &str| format!("Did you mean to define a block of type \"{name}\"?");
    lab.validate_fails().says(&["Unsupported argument", &object("timeouts")]);
    lab.configure(&both("timeouts {}\ntimeouts {}", ""));
    lab.validate_fails().says(&["Duplicate timeouts block", "Only one block of type \"timeouts\" is allowed."]);
    lab.configure(USES_IT);
    lab.write("provider.tf", "provider \"druva\" {\n  okta = { org_url = \"https://globex.okta.com\" }\n}");
    lab.validate_fails().says(&["Unsupported argument", &object("okta")]);
}

#[test]
fn a_block_that_is_left_out_is_null_and_an_empty_one_is_an_object() {
    let timeouts =
        |create: Value, update: Value| json!({"create": create, "read": null, "update": update, "delete": null});
    let lab = Lab::new(&both("timeouts {}", "timeouts {\nupdate = \"1h\"\n}"));
    lab.apply();
    assert_eq!(lab.attributes(INTEGRATION)["timeouts"], timeouts(Value::Null, Value::Null));
    assert_eq!(lab.attributes(LINK)["timeouts"], timeouts(Value::Null, json!("1h")));
    lab.plan_is_empty();
    lab.sandbox.clear_requests();
    for (integration, link, expected) in [
        ("", "", [Value::Null, Value::Null]),
        ("timeouts {\ncreate = null\n}", "", [timeouts(Value::Null, Value::Null), Value::Null]),
        ("", "timeouts {\ncreate = \"5m\"\n}", [Value::Null, timeouts(json!("5m"), Value::Null)]),
    ] {
        lab.configure(&both(integration, link));
        lab.apply();
        assert_eq!([INTEGRATION, LINK].map(|address| lab.attributes(address)["timeouts"].clone()), expected);
        lab.plan_is_empty();
    }
    assert_eq!((lab.sandbox.changes_in_okta(), lab.sandbox.changes_at_druva()), (vec![], vec![]));
    lab.destroy();
}

#[test]
fn an_import_has_no_block_and_generates_none() {
    let lab = Lab::with_both();
    lab.run(&["state", "rm", LINK]).expect_success();
    let import = format!("import {{\n  to = {LINK}\n  id = \"{}\"\n}}\n", lab.sandbox.okta_url);
    lab.generate(&("resource \"druva_okta_integration\" \"this\" {}\n".to_owned() + &import));
    let generated = std::fs::read_to_string(lab.path("generated.tf")).unwrap();
    assert!(!generated.contains("timeouts"), "{generated}");
    lab.apply().says(&["1 imported, 0 added, 0 changed, 0 destroyed"]);
    assert_eq!(lab.attributes(LINK)["timeouts"], Value::Null);
    lab.plan_is_empty();
    lab.destroy();
}

/// The form that takes the place of `okta = var.okta`, as the guide on many tenants has it.
fn dynamic(for_each: &str) -> String {
    format!(
        "dynamic \"okta\" {{\nfor_each = {for_each}\ncontent {{\norg_url = okta.value.org_url\napi_token = \
         okta.value.api_token\n}}\n}}"
    )
}

#[test]
fn a_whole_object_is_passed_by_a_dynamic_block() {
    for (sensitive, for_each) in [
        ("", "var.okta == null ? [] : [var.okta]"),
        ("sensitive = true", "nonsensitive(var.okta == null) ? [] : [var.okta]"),
    ] {
        let sandbox = Sandbox::start();
        let provider = format!(
            "variable \"okta\" {{\ntype = object({{\norg_url = string\napi_token = string\n}})\ndefault = null\n\
             {sensitive}\n}}\nprovider \"druva\" {{\n{}\n{}\n}}",
            druva_arguments(&sandbox),
            dynamic(for_each),
        );
        let mut lab = Lab::with_sandbox(sandbox, &provider, BOTH);
        let (url, token) = (lab.sandbox.okta_url.clone(), lab.sandbox.okta_api_token.clone());
        lab.write("terraform.tfvars.json", &json!({"okta": {"org_url": url, "api_token": token}}).to_string());
        lab.run(&["validate"]).expect_success();
        lab.apply();
        lab.plan_is_empty();
        // Without the block, the environment is what counts.
        lab.write("terraform.tfvars.json", "{}");
        lab.plan_fails().says(&["Okta credentials are missing"]);
        lab.set_environment("OKTA_ORG_URL", &url);
        lab.set_environment("OKTA_API_TOKEN", &token);
        lab.plan_is_empty();
        lab.destroy();
    }
}

#[test]
fn a_block_that_is_there_or_not_after_apply_only_is_unknown() {
    let sandbox = Sandbox::start();
    let object = format!("{{ org_url = \"{}\", api_token = \"{}\" }}", sandbox.okta_url, sandbox.okta_api_token);
    let provider = format!(
        "resource \"terraform_data\" \"gate\" {{}}\nprovider \"druva\" {{\n{}\n{}\n}}",
        druva_arguments(&sandbox),
        dynamic(&format!("terraform_data.gate.id == \"\" ? [] : [{object}]")),
    );
    let lab = Lab::with_sandbox(sandbox, &provider, BOTH);
    lab.run(&["validate"]).expect_success();
    lab.plan().says(&["Plan: 3 to add", "+ org_url = (known after apply)"]);
    lab.apply();
    lab.plan_is_empty();
    lab.destroy();
}

#[test]
fn a_credential_without_its_org_is_warned_of() {
    let sandbox = Sandbox::start();
    let token = format!("api_token = \"{}\"", sandbox.okta_api_token);
    let without_org = format!("provider \"druva\" {{\n{}\nokta {{\n{token}\n}}\n}}", druva_arguments(&sandbox));
    let mut lab = Lab::with_sandbox(sandbox, &without_org, BOTH);
    let url = lab.sandbox.okta_url.clone();
    lab.set_environment("OKTA_ORG_URL", &url);
    let title = "The Okta org comes from the environment";
    let detail = format!(
        "The okta block gives api_token and no org_url, so the org is the one that OKTA_ORG_URL in the environment names: \
         {url}. If that is the org that is meant, write org_url = \"{url}\" in the okta block"
    );
    let planned = lab.plan();
    planned.says(&["Warning", title, &detail]).does_not_say(&["similar warning"]);
    lab.write("provider.tf", &provider_block(&lab.sandbox, ""));
    lab.plan().does_not_say(&[title]);
    let token = lab.sandbox.okta_api_token.clone();
    lab.set_environment("OKTA_API_TOKEN", &token);
    lab.write("provider.tf", &format!("provider \"druva\" {{\n{}\n}}", druva_arguments(&lab.sandbox)));
    lab.plan().does_not_say(&[title]);
    // What is said of the org of the environment does not show the block, which may have one line.
    let in_one_line = format!("okta {{ {} }}", format_args!("api_token = \"{token}\""));
    lab.set_environment("OKTA_ORG_URL", "http://example.okta.com");
    lab.write("provider.tf", &format!("provider \"druva\" {{\n{}\n{in_one_line}\n}}", druva_arguments(&lab.sandbox)));
    lab.plan_fails().says(&[
        "Invalid address of the Okta org",
        "OKTA_ORG_URL (\"http://example.okta.com\") must start with https://",
    ]);
    // Nor does what is said of one that is missing.
    lab.set_environment("OKTA_ORG_URL", "");
    lab.plan_fails().says(&["The address of the Okta org is missing"]);
}

#[test]
#[ignore = "needs Terraform 1.14"]
fn queries_and_actions_have_blocks_too() {
    let lab = Lab::with_both();
    let list = |of: &str, read: &str| {
        let block = format!("timeouts {{\n{read} = \"90s\"\n}}");
        format!("list \"druva_okta_{of}\" \"all\" {{\nprovider = druva\nconfig {{\n{block}\n}}\n}}\n")
    };
    lab.write("all.tfquery.hcl", &(list("integration", "read") + &list("link", "read")));
    lab.run(&["query"]).expect_success().says(&["list.druva_okta_integration.all", "list.druva_okta_link.all"]);
    for of in ["integration", "link"] {
        lab.write("all.tfquery.hcl", &list(of, "raed"));
        lab.run(&["query"]).expect_failure().says(&["Unsupported argument", &unexpected("raed")]);
    }
    std::fs::remove_file(lab.path("all.tfquery.hcl")).unwrap();
    let backup = |invoke: &str| {
        let config = format!("link_id = {LINK}.id\ntimeouts {{\n{invoke} = \"1m\"\n}}");
        format!("{BOTH}\naction \"druva_okta_backup\" \"now\" {{\nconfig {{\n{config}\n}}\n}}\n")
    };
    lab.configure(&backup("invok"));
    lab.validate_fails().says(&["Unsupported argument", &unexpected("invok")]);
    lab.configure(&backup("invoke"));
    lab.run(&["apply", "-auto-approve", "-invoke=action.druva_okta_backup.now"]).expect_success();
}

#[test]
#[ignore = "needs Terraform 1.10"]
fn ephemeral_resources_have_blocks_and_blocks_take_ephemeral_values() {
    let lab = Lab::new("");
    refuses(&lab, "ephemeral \"druva_access_token\" \"this\" {\ntimeouts {\nraed = \"1h\"\n}\n}", "raed");
    // Values inside a block may be ephemeral, where a provider or an ephemeral resource has it.
    let variable = "variable \"read\" {\n  default   = \"90s\"\n  ephemeral = true\n}\n";
    lab.configure(&format!(
        "{variable}ephemeral \"druva_access_token\" \"this\" {{\ntimeouts {{\nread = var.read\n}}\n}}"
    ));
    lab.plan();
    let provider = format!(
        "variable \"url\" {{\nephemeral = true\n}}\nvariable \"token\" {{\nephemeral = true\n}}\nprovider \"druva\" {{\n{}\n{}\n}}",
        druva_arguments(&lab.sandbox),
        okta_block("to be replaced", "api_token = var.token").replace("\"to be replaced\"", "var.url"),
    );
    lab.write("provider.tf", &provider);
    lab.configure(BOTH);
    let (url, token) = (lab.sandbox.okta_url.clone(), lab.sandbox.okta_api_token.clone());
    lab.write("terraform.tfvars", &format!("url = \"{url}\"\ntoken = \"{token}\"\n"));
    lab.apply();
    let object = "variable \"okta\" {\nephemeral = true\n}\n";
    let whole = dynamic("var.okta == null ? [] : [var.okta]");
    lab.write("provider.tf", &format!("{object}provider \"druva\" {{\n{}\n{whole}\n}}", druva_arguments(&lab.sandbox)));
    lab.write("terraform.tfvars", &format!("okta = {{ org_url = \"{url}\", api_token = \"{token}\" }}\n"));
    lab.plan_is_empty();
    lab.destroy();
}
