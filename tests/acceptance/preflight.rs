//! What is found out before anything is applied. Nothing of it is an error, and nothing changes anything.

use serde_json::{Value, json};
use testkit::keys::Key;
use testkit::sandbox::Sandbox;

use crate::lab::{BOTH, Lab, SCOPES, TYPE, druva_arguments, okta_block};
use crate::service_apps::{JWK, lab_with};

const PREFLIGHT: &str = r#"
data "druva_okta_preflight" "this" {}
output "preflight" { value = data.druva_okta_preflight.this }
"#;

/// What the preflight of a lab says, and that it only read.
fn preflight(lab: &Lab) -> Value {
    lab.sandbox.clear_requests();
    lab.apply();
    assert_eq!(lab.sandbox.changes_in_okta(), [""; 0]);
    assert_eq!(lab.sandbox.changes_at_druva(), [""; 0]);
    let found = lab.output("preflight");
    eprintln!("{}", serde_json::to_string_pretty(&found).unwrap());
    found
}

fn lab(provider_arguments: &str) -> Lab {
    Lab::with_arguments(provider_arguments, PREFLIGHT)
}

/// Fails unless these checks, and no others, are false or unknown. The type has tests of its own.
#[track_caller]
fn assert_checks(found: &Value, is_false: &[&str], is_unknown: &[&str]) {
    let checks = found.as_object().unwrap().iter().filter(|(_, value)| value["detail"].is_string());
    let (mut wrong, mut unknown) = (Vec::new(), Vec::new());
    for (name, check) in checks.filter(|(name, _)| *name != "integration_type") {
        assert_eq!(check["ok"].is_null(), check["unknown"] == true, "{name}: {check}");
        assert_ne!(check["detail"], "", "{name}");
        if check["ok"] == false {
            wrong.push(name.as_str());
        } else if check["unknown"] == true {
            unknown.push(name.as_str());
        }
    }
    assert_eq!((wrong, unknown), (is_false.to_vec(), is_unknown.to_vec()), "{found:#}");
}

#[track_caller]
fn assert_problem(found: &Value, number: usize, about: &str) {
    let problem = found["problems"][number].as_str().unwrap();
    assert!(problem.contains(about), "{problem}");
}

#[test]
fn all_is_well() {
    let found = preflight(&lab(""));
    assert_checks(&found, &[], &["druva_role"]);
    assert_eq!((&found["ready"], &found["problems"]), (&json!(true), &json!([])));
    assert_eq!(found["okta_roles"], json!(["SUPER_ADMIN"]));
}

#[test]
fn a_guessed_type_is_called_a_guess_and_stands_in_nobodys_way() {
    let configured = PREFLIGHT.replace("{}", &format!("{{\n  type = \"{TYPE}\"\n}}"));
    let look = |lab: &Lab, preflight_of_type: &str| {
        lab.configure(preflight_of_type);
        let found = preflight(lab);
        assert_eq!(found["ready"], true);
        let check = &found["integration_type"];
        (check["ok"].clone(), check["detail"].as_str().unwrap().to_owned())
    };
    let lab = lab("");
    let (ok, detail) = look(&lab, PREFLIGHT);
    assert!(
        ok.is_null() && detail.starts_with("type is not set, and its default, druva_data_security_cloud, is a guess")
    );
    let (ok, detail) = look(&lab, &configured);
    assert!(ok.is_null() && detail.contains("Only an installation shows whether Okta knows it."), "{detail}");

    // Once it is installed, its name tells the type.
    let installed = lab.sandbox.drift(json!({"action": "install", "type": TYPE, "scopes": SCOPES}));
    let (ok, detail) = look(&lab, PREFLIGHT);
    assert!(ok.is_null() && detail.contains(&format!("set type = \"{TYPE}\"")), "{detail}");
    assert_eq!(lab.output("preflight")["integration_absent"]["ok"], false);
    let id = installed["id"].as_str().unwrap();
    assert_eq!(look(&lab, &configured), (json!(true), format!("Okta knows the type {TYPE}: {id} has it.")));
}

#[test]
fn a_read_only_administrator_of_okta_is_not_enough() {
    let lab = lab("");
    lab.sandbox.settings(json!({"okta_role": "READ_ONLY_ADMIN"}));
    let found = preflight(&lab);
    assert_checks(&found, &["okta_role"], &["druva_role"]);
    assert_eq!((&found["ready"], &found["okta_roles"]), (&json!(false), &json!(["READ_ONLY_ADMIN"])));
    assert_problem(&found, 0, "has the role READ_ONLY_ADMIN in Okta: installing an integration");
}

#[test]
fn another_cloud_than_druva_s_is_recognized() {
    let lab = lab("");
    lab.sandbox.settings(json!({"druva_other_cloud": true}));
    let found = preflight(&lab);
    // It may be that, or a right that is missing: nobody tells which, and either stands in the way.
    assert_checks(&found, &[], &["druva_credential", "druva_okta_api", "druva_role", "link_absent"]);
    assert_eq!(found["ready"], false);
    assert_problem(&found, 0, "(1) The API credentials belong to another Druva cloud: set cloud");
    assert_problem(&found, 0, "(2) A right or a setting of the account forbids it");
}

#[test]
fn a_scope_that_the_service_app_lacks_is_named() {
    let lab = lab_with(&Key::ec(), &["okta.oauthIntegrations.read"], false, JWK);
    lab.configure(PREFLIGHT);
    let found = preflight(&lab);
    assert_checks(&found, &["okta_scopes"], &["druva_role", "integration_absent", "okta_role"]);
    assert_problem(&found, 0, "(2) A job that applies: grant each of them to the app");
}

#[test]
fn a_service_app_may_see_its_own_role_or_not() {
    let scopes = ["okta.oauthIntegrations.manage", "okta.oauthIntegrations.read", "okta.roles.read"];
    let lab = lab_with(&Key::ec(), &scopes, false, JWK);
    lab.configure(PREFLIGHT);
    // The scope is granted, but not asked for.
    let found = preflight(&lab);
    assert_checks(&found, &[], &["druva_role", "okta_role"]);
    assert_eq!((&found["ready"], &found["okta_roles"]), (&json!(true), &json!(null)));
    let asking = lab_with(&Key::ec(), &scopes, false, &format!("{JWK}\nscopes = {scopes:?}"));
    asking.configure(PREFLIGHT);
    assert_checks(&preflight(&asking), &[], &["druva_role"]);
    let reading = lab_with(&Key::ec(), &scopes, false, &format!("{JWK}\nscopes = {:?}", &scopes[1..]));
    reading.configure(PREFLIGHT);
    let found = preflight(&reading);
    assert_checks(&found, &["okta_scopes"], &["druva_role"]);
    assert_problem(&found, 0, "okta.scopes lacks okta.oauthIntegrations.manage");
}

#[test]
fn druva_without_an_api_for_okta_is_recognized() {
    let found = preflight(&lab("okta_api_path = \"/nothing/here\""));
    assert_checks(&found, &["druva_okta_api"], &["druva_role", "link_absent"]);
    assert_problem(&found, 0, "This account has no such API: Druva answered");
    assert_problem(&found, 0, "Missing Authentication Token [403]");
    assert_problem(&found, 0, "(1) Link by hand");
    let role = found["druva_role"]["detail"].as_str().unwrap();
    assert!(!role.contains("does not let the credentials"), "{role}");
}

#[test]
fn what_exists_counts_only_where_nothing_should() {
    let lab = Lab::new(BOTH);
    lab.apply();
    lab.configure(&format!("{BOTH}{PREFLIGHT}"));
    let found = preflight(&lab);
    assert_checks(&found, &["integration_absent", "link_absent"], &["druva_role"]);
    assert_eq!(found["ready"], true);
    lab.configure(&format!("{BOTH}{}", PREFLIGHT.replace("{}", "{\nexpect_new = true\n}")));
    let found = preflight(&lab);
    assert_eq!(found["ready"], false);
    let id = lab.sandbox.integration()["id"].as_str().unwrap().to_owned();
    assert_problem(&found, 0, &id);
    assert_problem(&found, 1, "linked in Druva already");
}

#[test]
fn wrong_and_missing_credentials_are_told_from_what_they_hide() {
    let sandbox = Sandbox::start();
    let okta = okta_block(&sandbox.okta_url, "api_token = \"00wrongwrongwrongwrongwrongwrongwrongwrong\"");
    let provider = format!("provider \"druva\" {{\n{okta}\n}}");
    let lab = Lab::with_sandbox(sandbox, &provider, PREFLIGHT);
    let found = preflight(&lab);
    let hidden = ["druva_cloud", "druva_okta_api", "druva_role", "integration_absent", "link_absent", "okta_role"];
    assert_checks(&found, &["druva_credential", "okta_credential"], &hidden);
    assert_problem(&found, 0, "The Okta credential is wrong");
    // Also what failed reads the same again: no id of an answer is in it.
    lab.plan_is_empty();
    assert_problem(
        &found,
        1,
        "(1) Not set: DRUVA_CLIENT_ID, DRUVA_CLIENT_SECRET, DRUVA_ACCESS_TOKEN. Set DRUVA_CLIENT_ID and",
    );
}

#[test]
fn a_stopped_org_is_not_reached_and_the_rest_is_unknown() {
    let sandbox = Sandbox::start();
    let okta = okta_block("http://127.0.0.1:1", &format!("api_token = \"{}\"", sandbox.okta_api_token));
    let provider = format!("provider \"druva\" {{\nmax_retries = 0\n{}\n{okta}\n}}", druva_arguments(&sandbox));
    let lab = Lab::with_sandbox(sandbox, &provider, PREFLIGHT);
    let found = preflight(&lab);
    assert_checks(&found, &["okta_org"], &["druva_role", "integration_absent", "okta_credential", "okta_role"]);
    assert_problem(&found, 0, "Cannot connect to 127.0.0.1:1");
}

#[test]
fn an_outage_is_unknown_and_not_ready() {
    let lab = lab("max_retries = 0");
    for (side, path) in [("okta", "^/(api|integrations|\\.well-known)"), ("druva", ".*")] {
        let unavailable = json!({"status": 503, "body": "<html>later</html>"});
        lab.sandbox.fault(json!({"side": side, "path": path, "times": 100, "do": {"respond": unavailable}}));
    }
    let found = preflight(&lab);
    let unknown = [
        "druva_credential",
        "druva_okta_api",
        "druva_role",
        "integration_absent",
        "link_absent",
        "okta_credential",
        "okta_org",
        "okta_role",
    ];
    assert_checks(&found, &[], &unknown);
    assert_eq!(found["ready"], false);
    assert_problem(&found, 0, "does not say who it is");
}

#[test]
fn a_rate_limit_of_the_org_is_no_answer_about_it() {
    let lab = lab("");
    let told = json!({"status": 429, "headers": {"Retry-After": "4000"}, "body": {"errorCode": "E0000047"}});
    lab.sandbox.fault(json!({"side": "okta", "path": "well-known", "times": 100, "do": {"respond": told}}));
    let found = preflight(&lab);
    assert_checks(&found, &[], &["druva_role", "okta_org"]);
    assert_problem(&found, 0, "limits the rate of requests");
}

#[test]
fn a_druva_that_is_not_there_is_not_reached() {
    let sandbox = Sandbox::start();
    let okta = okta_block(&sandbox.okta_url, &format!("api_token = \"{}\"", sandbox.okta_api_token));
    let druva = druva_arguments(&sandbox).replace(&sandbox.druva_url, "http://127.0.0.1:1");
    let lab = Lab::with_sandbox(sandbox, &format!("provider \"druva\" {{\n{druva}\n{okta}\n}}"), PREFLIGHT);
    let found = preflight(&lab);
    assert_checks(&found, &["druva_cloud"], &["druva_credential", "druva_okta_api", "druva_role", "link_absent"]);
    assert_eq!((&found["ready"], found["problems"].as_array().unwrap().len()), (&json!(false), 1), "one cause");
}

#[test]
fn an_owner_without_any_role_is_not_enough() {
    let lab = lab("");
    lab.sandbox.settings(json!({"okta_role": null}));
    let found = preflight(&lab);
    assert_checks(&found, &["okta_role"], &["druva_role", "integration_absent"]);
    assert_problem(&found, 0, "does not let the credential list the installed integrations");
}

#[test]
fn credentials_that_may_not_even_read_at_druva_are_not_enough() {
    let lab = lab("");
    let refusal = json!({"status": 403, "body": {"code": "FORBIDDEN", "message": "This action requires a role"}});
    lab.sandbox.fault(json!({"side": "druva", "path": "domains", "times": 100, "do": {"respond": refusal}}));
    let found = preflight(&lab);
    assert_checks(&found, &["druva_role"], &["druva_okta_api", "link_absent"]);
    assert_problem(&found, 0, "does not let the credentials list the links");
}

#[test]
fn an_integration_alone_may_be_ready_without_druva() {
    let sandbox = Sandbox::start();
    let okta = okta_block(&sandbox.okta_url, &format!("api_token = \"{}\"", sandbox.okta_api_token));
    let lab = Lab::with_sandbox(
        sandbox,
        &format!("provider \"druva\" {{\n{okta}\n}}"),
        &PREFLIGHT.replace("{}", "{\nwith_link = false\n}"),
    );
    let found = preflight(&lab);
    assert_eq!((&found["ready"], &found["problems"]), (&json!(true), &json!([])));
    assert_eq!(found["druva_credential"]["ok"], false, "it is told all the same");
}

/// As in the documentation: a check warns, a precondition stops.
#[test]
fn a_check_warns_and_a_precondition_stops() {
    let lab = Lab::new(&format!(
        r#"{PREFLIGHT}
check "preflight" {{
  assert {{
    condition     = data.druva_okta_preflight.this.ready
    error_message = join("\n", data.druva_okta_preflight.this.problems)
  }}
}}"#
    ));
    lab.sandbox.settings(json!({"okta_role": "HELP_DESK_ADMIN"}));
    lab.plan().says(&["Check block assertion failed", "has the role HELP_DESK_ADMIN"]);
    lab.configure(&format!(
        r#"{PREFLIGHT}
resource "druva_okta_integration" "this" {{
  type = "druvainc-IdpVault_api_2"
  lifecycle {{
    precondition {{
      condition     = data.druva_okta_preflight.this.ready
      error_message = join("\n", data.druva_okta_preflight.this.problems)
    }}
  }}
}}"#
    ));
    lab.plan_fails().says(&["Resource precondition failed", "has the role HELP_DESK_ADMIN"]);
}
