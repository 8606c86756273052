//! `examples/many-tenants`: tenants by aliases, and the pipeline that gives each tenant a state of its own.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::{Value, json};
use terraform_provider_druva::druva::okta_links::AppStatus;
use testkit::keys::Key;
use testkit::sandbox::Sandbox;

use super::{Clone, copy, example};
use crate::engine;
use crate::lab::Lab;
use crate::printed::Printed;

fn many_tenants() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/many-tenants")
}

/// A folder with a copy of `examples/many-tenants`, the pipeline of `examples/ci` in it, and no credentials.
pub(super) fn repository() -> Clone {
    let lab = Lab::with_sandbox(Sandbox::start().list_under_the_guess(), "", "");
    for file in ["versions.tf", "provider.tf", "main.tf"] {
        fs::remove_file(lab.path(file)).unwrap();
    }
    copy(&many_tenants(), &lab.path(""));
    copy(&example().join("pipeline"), &lab.path("pipeline"));
    fs::create_dir(lab.path("tmp")).unwrap();
    let mut clone = Clone(lab);
    let temporary = clone.0.path("tmp").to_string_lossy().into_owned();
    let program = engine::program().to_string_lossy().into_owned();
    for (name, value) in [("TMPDIR", temporary.as_str()), ("TERRAFORM", &program), ("CI", "true")] {
        clone.0.set_environment(name, value);
    }
    clone
}

/// A repository whose states are files, with each tenant's org: acme's is that of the lab.
struct Tenants {
    repository: Clone,
    globex: Sandbox,
}

impl Tenants {
    fn new() -> Self {
        let (repository, globex) = (repository(), Sandbox::start().list_under_the_guess());
        let lab = &repository.0;
        lab.write("state-per-tenant/backend_override.tf", "terraform {\n  backend \"local\" {}\n}\n");
        for (name, sandbox) in [("acme", &lab.sandbox), ("globex", &globex)] {
            let file = format!("state-per-tenant/tenants/{name}.tfvars");
            let text = fs::read_to_string(lab.path(&file)).unwrap();
            let org = format!("https://{name}.okta.com");
            assert!(text.contains(&org), "{text}");
            lab.write(&file, &text.replace(&org, &sandbox.okta_url));
        }
        let init = lab.terraform().args(["-chdir=state-per-tenant", "init", "-backend=false"]).output().unwrap();
        Printed::from(&init).expect_success();
        Self { repository, globex }
    }

    fn lab(&self) -> &Lab {
        &self.repository.0
    }

    /// A job of the pipeline with the credentials of one tenant, for the tenant that is named.
    fn job(&self, job: &str, tenant: &str, credentials_of: &Sandbox) -> Printed {
        let mut command = self.lab().command("sh");
        command.args(["pipeline/tenants.sh", job, tenant]).env("STATE", "path=the states/%s.tfstate");
        for (name, value) in [
            ("OKTA_API_TOKEN", &credentials_of.okta_api_token),
            ("DRUVA_API_URL", &credentials_of.druva_url),
            ("DRUVA_CLIENT_ID", &credentials_of.druva_client_id),
            ("DRUVA_CLIENT_SECRET", &credentials_of.druva_client_secret),
        ] {
            command.env(name, value);
        }
        self.repository.examine(&mut command, job)
    }

    fn converge(&self, tenant: &str, sandbox: &Sandbox) {
        self.job("plan", tenant, sandbox).expect_success();
        fs::rename(self.repository.out("plan.json"), self.repository.out("reviewed.json")).unwrap();
        self.job("apply", tenant, sandbox).expect_success();
    }

    fn state(&self, tenant: &str) -> String {
        fs::read_to_string(self.lab().path(&format!("state-per-tenant/the states/{tenant}.tfstate"))).unwrap()
    }

    fn edit(&self, tenant: &str, text: &str) {
        self.lab().write(&format!("state-per-tenant/tenants/{tenant}.tfvars"), text);
    }
}

#[test]
fn each_tenant_has_a_state_of_its_own_without_any_secret_and_refuses_what_is_anothers() {
    let tenants = Tenants::new();
    let (acme, globex) = (&tenants.lab().sandbox, &tenants.globex);
    tenants.converge("acme", acme);
    assert_eq!(globex.requests(), [""; 0], "a job of one tenant asks another's org");
    tenants.converge("globex", globex);
    for (name, sandbox, other) in [("acme", acme, globex), ("globex", globex, acme)] {
        tenants.job("drift", name, sandbox).expect_success().says(&["as configured", "no check fails"]);
        let state = tenants.state(name);
        assert!(state.contains(&sandbox.okta_host()) && !state.contains(&other.okta_host()), "{state}");
        for secret in sandbox.all_secret_texts() {
            assert!(!state.contains(&secret), "the state of {name} has a secret");
        }
        assert_eq!(sandbox.link()["appStatus"], AppStatus::CONNECTED);
    }
    assert_eq!(globex.integration()["grantedScopes"].as_array().unwrap().len(), 2, "its own variables");

    // What somebody switched off is found in the one tenant.
    acme.drift(json!({"action": "set_switch", "id": acme.link()["id"], "backup_enabled": false}));
    let found = tenants.job("drift", "acme", acme);
    assert_eq!(found.code, 2, "{}", found.text);
    found.says(&["Druva does not back up the org", "`backup_enabled`: `false` → `true`"]);
    tenants.job("drift", "globex", globex).expect_success();

    // Another tenant's credentials do not get into the org.
    globex.clear_requests();
    tenants.job("plan", "acme", globex).expect_failure();
    // A file that was copied is refused before anybody is asked.
    globex.clear_requests();
    tenants.edit("acme", &format!("okta_org_url = \"{}\"\n", globex.okta_url));
    let both = "tenants/acme.tfvars and tenants/globex.tfvars have the same okta_org_url";
    tenants.job("plan", "acme", globex).expect_failure().says(&[both]);
    assert_eq!(globex.requests(), [""; 0]);
    // The state of one tenant with the org of another, whose address no other file has.
    tenants.edit("globex", "okta_org_url = \"https://globex.okta.com\"\n");
    let refused = tenants.job("plan", "acme", globex).expect_failure();
    refused.says(&["The integration lives in another org", "was installed in"]);
    assert_eq!(globex.changes_in_okta(), [""; 0]);
}

#[test]
fn a_tenant_leaves_in_two_steps() {
    let tenants = Tenants::new();
    let acme = &tenants.lab().sandbox;
    tenants.converge("acme", acme);
    tenants.edit("acme", &format!("okta_org_url = \"{}\"\nactive       = false\n", acme.okta_url));
    tenants.job("plan", "acme", acme).expect_success().says(&["0 to add, 0 to change, 2 to destroy"]);
    tenants.converge("acme", acme);
    assert_eq!(acme.state()["druva"]["domains"], json!([]));
    tenants.job("drift", "acme", acme).expect_success().says(&["as configured"]);
}

/// What `tenants.sh` prints.
fn ask(lab: &Lab, arguments: &[&str]) -> Printed {
    Printed::from(&lab.command("sh").arg("pipeline/tenants.sh").args(arguments).output().unwrap())
}

fn answer(lab: &Lab, arguments: &[&str]) -> Value {
    serde_json::from_str(&ask(lab, arguments).expect_success().text).unwrap()
}

fn commit(lab: &Lab) {
    for arguments in [&["add", "--all"][..], &["commit", "--quiet", "--message=change"]] {
        let mut git = lab.command("git");
        git.args(["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]);
        assert!(git.args(arguments).status().unwrap().success());
    }
}

#[test]
fn a_change_concerns_the_tenants_whose_files_it_changes_and_all_by_what_they_share() {
    let clone = repository();
    let lab = &clone.0;
    assert!(lab.command("git").args(["init", "--quiet"]).status().unwrap().success());
    commit(lab);
    let tenant = |name: &str| format!("state-per-tenant/tenants/{name}.tfvars");
    let append = |path: &str, more: &str| {
        let text = fs::read_to_string(lab.path(path)).unwrap_or_default();
        lab.write(path, &(text + more));
    };
    let (none, all) = (json!([]), json!(["acme", "globex"]));
    for (path, expected) in [
        (&*tenant("acme"), &json!(["acme"])),
        ("README.md", &none),
        ("aliases/main.tf", &none),
        ("state-per-tenant/main.tf", &all),
        ("modules/okta-tenant/main.tf", &all),
        ("pipeline/report.jq", &all),
        ("what-nobody-knows", &all),
    ] {
        append(path, "\n");
        commit(lab);
        assert_eq!(answer(lab, &["changed", "HEAD^1", "HEAD"]), *expected, "{path}");
    }
    append(&tenant("initech"), "okta_org_url = \"https://initech.okta.com\"\n");
    commit(lab);
    assert_eq!(answer(lab, &["changed", "HEAD^1", "HEAD"]), json!(["initech"]));
    // Git quotes such a name when it is not told otherwise.
    append("é.md", "\n");
    append(&tenant("globex"), "\n");
    commit(lab);
    assert_eq!(answer(lab, &["changed", "HEAD^1", "HEAD"]), json!(["globex"]));
    assert_eq!(answer(lab, &["changed", "HEAD~2", "HEAD"]), json!(["globex", "initech"]));
    assert_eq!(answer(lab, &["list"]), json!(["acme", "globex", "initech"]));
    assert_eq!(answer(lab, &["list", "acme"]), json!(["acme"]));
    assert_eq!(answer(lab, &["batches", "2"]), json!([["acme", "globex"], ["initech"]]));
    ask(lab, &["list", "../acme"]).expect_failure().says(&["There is no tenant of this name."]);

    // A file goes when its org is no longer linked, and not before.
    append(&tenant("initech"), "active = false\n");
    commit(lab);
    fs::remove_file(lab.path(&tenant("initech"))).unwrap();
    fs::remove_file(lab.path(&tenant("globex"))).unwrap();
    commit(lab);
    ask(lab, &["changed", "HEAD^1", "HEAD"])
        .expect_failure()
        .says(&["tenants/globex.tfvars is removed, and its org may still be linked."]);
    append(&tenant("globex"), "okta_org_url = \"https://globex.okta.com\"\n");
    commit(lab);
    assert_eq!(answer(lab, &["changed", "HEAD~2", "HEAD"]), json!(["globex"]));

    // What only looks like it is no consent.
    append(&tenant("hooli"), "okta_org_url = \"https://hooli.okta.com\"\n/*\nactive = false\n*/\n");
    commit(lab);
    fs::remove_file(lab.path(&tenant("hooli"))).unwrap();
    commit(lab);
    ask(lab, &["changed", "HEAD^1", "HEAD"]).expect_failure().says(&["tenants/hooli.tfvars is removed"]);

    // Names go into a matrix, and from there into names of environments: whoever opens a pull request chooses them.
    for name in ["$(touch ran)", "", ".hidden", "Initech"] {
        append(&tenant(name), "");
        ask(lab, &["list"]).expect_failure().says(&["This is no file of a tenant"]);
        fs::remove_file(lab.path(&tenant(name))).unwrap();
    }
    assert!(!lab.path("ran").exists());

    for number in 0..255 {
        append(&tenant(&format!("tenant-{number}")), &format!("okta_org_url = \"https://{number}.okta.com\"\n"));
    }
    commit(lab);
    ask(lab, &["changed", "HEAD^1", "HEAD"]).expect_success();
    append("state-per-tenant/main.tf", "\n");
    commit(lab);
    ask(lab, &["changed", "HEAD^1", "HEAD"]).expect_failure().says(&["concerns 257 tenants, and one run takes 256"]);
}

#[test]
fn a_commit_before_that_is_not_there_concerns_all_tenants() {
    let clone = repository();
    let lab = &clone.0;
    let git = |arguments: &[&str]| assert!(lab.command("git").args(arguments).status().unwrap().success());
    git(&["init", "--quiet"]);
    commit(lab);
    let (zeros, gone) = ("0".repeat(40), "1".repeat(40));
    for before in [&zeros, &gone] {
        let printed = Printed::from(
            &lab.command("sh").args(["pipeline/tenants.sh", "changed", before, "HEAD"]).output().unwrap(),
        );
        printed.expect_success().says(&["[\"acme\",\"globex\"]", "Whether the file of one was removed is not known."]);
    }
    ask(lab, &["changed", "HEAD", &gone]).expect_failure();
    // In a part of the history, a commit that is missing may be there: a removal would pass unseen.
    lab.write("README.md", "changed\n");
    commit(lab);
    let (from, shallow) = (format!("file://{}", lab.path("").display()), lab.path("tmp/shallow"));
    git(&["clone", "--quiet", "--depth=1", &from, &shallow.to_string_lossy()]);
    let in_part = |before: &str| {
        let mut command = lab.command("sh");
        Printed::from(&command.args(["tmp/shallow/pipeline/tenants.sh", "changed", before, "HEAD"]).output().unwrap())
    };
    in_part("HEAD^1").expect_failure().says(&["Fetch more of its history."]);
    in_part(&zeros).expect_success();
}

#[test]
fn a_file_of_a_tenant_means_to_the_pipeline_what_it_means_to_terraform() {
    let clone = repository();
    let lab = &clone.0;
    let list_with = |text: &str| {
        lab.write("state-per-tenant/tenants/initech.tfvars", text);
        ask(lab, &["list"])
    };
    let scopes = "granted_scopes = [\n  \"okta.users.read\", # people\n\n  \"okta.groups.read\"\n]\n";
    let fine = format!(
        "# Initech\r\n\nokta_org_url = \"https://initech.okta.com\" # here\n{scopes}active=false#bye\nrotation = null"
    );
    list_with(&fine).expect_success();
    for text in [
        "/*\nactive = false\n*/\n",
        "active = false // bye\n",
        "// bye\n",
        "rotation = <<X\nactive = false\nX\n",
        "rotation = \"${\"a\"}\"\n",
        "rotation = \"\\\"\"\n",
        "active = falsely\n",
        "active = true\nactive = false\n",
        "granted_scopes = [\nactive = false\n]\n",
        "granted_scopes = [\n",
        "# one\ractive = false\n",
        "\"active\" = false\n",
    ] {
        list_with(text)
            .expect_failure()
            .says(&["tenants/initech.tfvars: line ", "A file of a tenant has nothing else."]);
    }
    for org in ["https://acme.okta.com", "https://ACME.okta.com/", "acme-admin.okta.com", "https://acme.okta.com:443"] {
        let both = "tenants/acme.tfvars and tenants/initech.tfvars have the same okta_org_url";
        list_with(&format!("okta_org_url = \"{org}\"\n")).expect_failure().says(&[both]);
    }
    ask(lab, &["batches", "1"]).expect_failure();
    ask(lab, &["list", "globex"]).expect_failure();
}

#[test]
fn what_would_leave_tenants_out_or_mix_them_up_is_refused() {
    let clone = repository();
    let lab = &clone.0;
    for size in ["0", "-1", "1.5", "x", "", "01", "1 2"] {
        let refused = ask(lab, &["batches", size]);
        assert_eq!(refused.code, 2, "{size}: {}", refused.text);
        refused.says(&["usage: tenants.sh"]);
    }
    for state in ["path=state.tfstate", "path=%s/%s.tfstate", "path=it's/%s.tfstate", "path=\\%s.tfstate"] {
        let mut command = lab.command("sh");
        command.args(["pipeline/tenants.sh", "plan", "acme"]).env("STATE", state);
        Printed::from(&command.output().unwrap()).expect_failure().says(&["STATE must have one %s"]);
    }
}

/// Makes the service app of a tenant, and gives its part of the variable `credentials`.
pub(super) fn with_service_app(sandbox: &Sandbox, name: &str, client: &str, key: &Key) -> Value {
    let app = json!({
        "client_id": client, "public_key_pem": key.public_pem, "kid": format!("{name}-1"), "role": "SUPER_ADMIN",
        "scopes": ["okta.oauthIntegrations.manage", "okta.oauthIntegrations.read"], "dpop_bound_access_tokens": false,
    });
    sandbox.control("POST", "service_apps", Some(app));
    json!({
        "okta_private_key": key.private_pem, "druva_client_id": sandbox.druva_client_id,
        "druva_client_secret": sandbox.druva_client_secret,
    })
}

/// The service app, the org and Druva's account of each alias are its own.
#[test]
fn tenants_by_aliases() {
    let clone = repository();
    let mut lab = clone.0;
    let (globex, key) = (Sandbox::start().list_under_the_guess(), Key::ec());
    let mut text = fs::read_to_string(lab.path("aliases/main.tf")).unwrap();
    let (mut overrides, mut credentials) = (String::new(), json!({}));
    let apps = [("acme", "0oa1gjh63g214q0Hq0g4", &lab.sandbox), ("globex", "0oa2hki74h325r1Ir1h5", &globex)];
    for (name, client, sandbox) in apps {
        let org = format!("https://{name}.okta.com");
        assert!(text.contains(&org) && text.contains(client), "{text}");
        text = text.replace(&org, &sandbox.okta_url);
        overrides +=
            &format!("provider \"druva\" {{\n  alias   = \"{name}\"\n  api_url = \"{}\"\n}}\n", sandbox.druva_url);
        credentials[name] = with_service_app(sandbox, name, client, &key);
    }
    key.secret_texts().for_each(|text| lab.plant(text));
    globex.all_secret_texts().iter().for_each(|text| lab.plant(text));
    lab.write("aliases/main.tf", &text);
    lab.write("aliases/sandbox_override.tf", &overrides);
    lab.set_environment("TF_VAR_credentials", &credentials.to_string());
    let run = |arguments: &[&str]| {
        let output = lab.terraform().arg("-chdir=aliases").args(arguments).arg("-no-color").output().unwrap();
        lab.examine(&output, arguments[0])
    };
    run(&["init"]).expect_success();
    run(&["apply", "-auto-approve"]).expect_success().says(&["4 added, 0 changed, 0 destroyed"]);
    assert_eq!(run(&["plan", "-detailed-exitcode"]).code, 0);
    let state = fs::read_to_string(lab.path("aliases/terraform.tfstate")).unwrap();
    for sandbox in [&lab.sandbox, &globex] {
        assert_eq!(sandbox.link()["appStatus"], AppStatus::CONNECTED);
        assert_eq!(sandbox.link()["oktaDomain"], sandbox.okta_host());
    }
    lab.assert_no_secret_in(&state, "the state");
    run(&["destroy", "-auto-approve"]).expect_success().says(&["4 destroyed"]);
    assert_eq!(globex.state()["druva"]["domains"], json!([]));
}

/// Terraform's formatter knows the language, and not which blocks may have a for_each. `opentofu` applies it.
#[test]
fn the_configuration_for_opentofu_is_formatted_and_passes_what_the_module_has() {
    let folder = many_tenants();
    let text = fs::read_to_string(folder.join("for-each/main.tofu")).unwrap();
    let mut child = crate::hcl_blocks::terraform(&folder)
        .args(["fmt", "-check", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let (_, call) = text.split_once("module \"okta_tenant\" {").unwrap();
    let (call, _) = call.split_once("\n}").unwrap();
    let arguments = call.lines().filter_map(|line| Some(line.split_once('=')?.0.trim()));
    let variables = fs::read_to_string(folder.join("modules/okta-tenant/variables.tf")).unwrap();
    for argument in arguments.filter(|name| !["source", "for_each", "providers"].contains(name)) {
        assert!(variables.contains(&format!("variable \"{argument}\"")), "{argument}");
    }
}
