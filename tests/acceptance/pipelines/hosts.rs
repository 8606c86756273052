//! The comments and issues of GitHub and GitLab, with programs in the place of gh and curl that write down what they are asked.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;
use testkit::sandbox::Sandbox;
use testkit::servers::Recorder;

use super::Clone;
use crate::lab::Lab;
use crate::printed::Printed;

/// Writes down its arguments, and the file that one of them names with an @; answers what the test put into `answer`.
const STAND_IN: &str = r#"#!/bin/sh
echo "$*" >>"$FAKE/calls"
case "$*" in
  *@*) named=${*#*@}; cp "${named%% *}" "$FAKE/body" ;;
  *"run download"*) mkdir -p pipeline-out/reviewed; cp "$FAKE/reviewed.json" pipeline-out/reviewed/plan.json ;;
  *artifacts/pipeline-out*) cat "$FAKE/reviewed.json" ;;
  *"PUT"*) ;;
  *"/artifacts?name="*) cat "$FAKE/artifacts" ;;
  *"event=workflow_dispatch"* | *"source=web"*) cat "$FAKE/by_hand" ;;
  *commits/*) cat "$FAKE/merged" ;;
  *merge_requests/*/pipelines*) cat "$FAKE/pipelines" ;;
  *pipelines/*/jobs*) cat "$FAKE/jobs" ;;
  *) cat "$FAKE/answer" ;;
esac
"#;

/// A clone with a stand-in in front of PATH, and what a CI system puts into the environment.
fn with_stand_in(program: &str) -> Clone {
    let mut clone = Clone::new();
    let fake = clone.0.path("fake");
    fs::create_dir(&fake).unwrap();
    // curl reads its token from standard input, and writes the body into a file; gh would wait for nobody.
    let text = if program == "curl" {
        let of_curl = "cat >\"$FAKE/stdin\"\nprintf '200 '\nexec >pipeline-out/answer.json\necho \"$*\"";
        STAND_IN.replace("echo \"$*\"", of_curl)
    } else {
        STAND_IN.to_owned()
    };
    fs::write(fake.join(program), text).unwrap();
    fs::set_permissions(fake.join(program), fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", fake.display(), testkit::environment::path().to_string_lossy());
    let environment = [
        ("PATH", path.as_str()),
        ("FAKE", fake.to_str().unwrap()),
        ("GITHUB_REPOSITORY", "example/okta"),
        ("CI_API_V4_URL", "https://gitlab.example.com/api/v4"),
        ("CI_PROJECT_ID", "7"),
        ("CI_MERGE_REQUEST_IID", "3"),
        ("GITHUB_SHA", "0123abcd"),
        ("GITHUB_REF_NAME", "main"),
        ("CI_COMMIT_SHA", "0123abcd"),
        ("CI_COMMIT_BRANCH", "main"),
        ("GITLAB_TOKEN", "theTokenOfTheProject"),
    ];
    for (name, value) in environment {
        clone.0.set_environment(name, value);
    }
    clone
}

/// Runs a script while the CI system has `answer` to whoever asks. Returns what it was asked for, and the text that was sent.
fn run(lab: &Lab, script: &str, arguments: &[&str], answer: &str) -> (Vec<String>, String) {
    lab.write("fake/answer", answer);
    for left in ["fake/calls", "fake/body"] {
        lab.write(left, "");
    }
    let output = lab.command("sh").arg(format!("pipeline/{script}")).args(arguments).output().unwrap();
    let _ = Printed::from(&output).expect_success();
    let calls = fs::read_to_string(lab.path("fake/calls")).unwrap();
    assert!(!calls.contains("theToken"), "a token is an argument: {calls}");
    (calls.lines().map(str::to_owned).collect(), fs::read_to_string(lab.path("fake/body")).unwrap())
}

fn any(calls: &[String], parts: &[&str]) -> bool {
    calls.iter().any(|call| parts.iter().all(|part| call.contains(part)))
}

/// The nights of one clone: drift, drift again, an outage, clean, clean again, and an outage where no issue is open.
fn nights(clone: &Clone, script: &str, open: &str, none: &str) -> Vec<(Vec<String>, String)> {
    clone.converge();
    clone.edit("# rotation       =", "rotation =");
    assert_eq!(clone.pipeline("drift").code, 2);
    let mut seen = vec![run(&clone.0, script, &["issue", "2"], none), run(&clone.0, script, &["issue", "2"], open)];
    seen.push(run(&clone.0, script, &["issue", "1"], open));
    clone.converge();
    assert_eq!(clone.pipeline("drift").code, 0);
    seen.push(run(&clone.0, script, &["issue", "0"], open));
    seen.push(run(&clone.0, script, &["issue", "0"], none));
    seen.push(run(&clone.0, script, &["issue", "1"], none));
    seen
}

#[test]
fn github_has_one_issue_about_drift() {
    let mut clone = with_stand_in("gh");
    let seen = nights(&clone, "github.sh", "12", "");
    let title = "title=Druva's backup of Okta: not as configured";
    assert!(any(&seen[0].0, &["repos/example/okta/issues ", title, "labels[]=druva-okta-backup"]), "{seen:?}");
    assert!(seen[0].1.starts_with("`terraform apply` would make it as configured"), "{seen:?}");
    assert!(any(&seen[1].0, &["PATCH repos/example/okta/issues/12 ", title]), "{seen:?}");
    assert!(any(&seen[2].0, &["issues/12/comments"]) && !any(&seen[2].0, &["PATCH"]), "{seen:?}");
    assert!(any(&seen[3].0, &["PATCH repos/example/okta/issues/12", "state=closed"]), "{seen:?}");
    assert!(seen[3].1.contains("as configured\n\nNothing differs"), "{seen:?}");
    assert_eq!((seen[4].0.len(), seen[5].0.len()), (1, 1), "it only asks: {seen:?}");

    // Or one for each tenant.
    clone.0.set_environment("PIPELINE_TENANT", "acme");
    let (calls, _) = run(&clone.0, "github.sh", &["issue", "2"], "");
    assert!(any(&calls[..1], &["issues?labels=druva-okta-backup-acme&state=open"]), "{calls:?}");
    assert!(any(&calls, &["title=acme: Druva's backup of Okta", "labels[]=druva-okta-backup-acme"]), "{calls:?}");
}

#[test]
fn gitlab_has_one_issue_about_drift() {
    let clone = with_stand_in("curl");
    let seen = nights(&clone, "gitlab.sh", &json!([{"iid": 12}]).to_string(), "[]");
    let title = "title=Druva's backup of Okta: not as configured";
    assert!(any(&seen[0].0, &["/api/v4/projects/7/issues ", title, "labels=druva-okta-backup"]), "{seen:?}");
    assert!(seen[0].1.starts_with("`terraform apply` would make it as configured"), "{seen:?}");
    assert!(any(&seen[1].0, &["PUT", "/projects/7/issues/12 ", title]), "{seen:?}");
    assert!(any(&seen[2].0, &["/issues/12/notes"]) && !any(&seen[2].0, &["PUT"]), "{seen:?}");
    assert!(any(&seen[3].0, &["PUT", "/issues/12", "state_event=close"]), "{seen:?}");
    assert_eq!((seen[4].0.len(), seen[5].0.len()), (1, 1), "it only asks: {seen:?}");
    assert_eq!(
        fs::read_to_string(clone.0.path("fake/stdin")).unwrap(),
        "header = \"PRIVATE-TOKEN: theTokenOfTheProject\"\n"
    );
}

#[test]
fn a_comment_is_written_once_and_then_replaced() {
    let mut github = with_stand_in("gh");
    github.pipeline("plan").expect_success();
    let (calls, body) = run(&github.0, "github.sh", &["comment", "5"], "");
    assert!(any(&calls, &["repos/example/okta/issues/5/comments --field"]), "{calls:?}");
    assert!(body.starts_with("<!-- druva-okta-backup -->\n### Plan: 2 to create\n"), "{body}");
    let (calls, _) = run(&github.0, "github.sh", &["comment", "5"], "77\n78\n");
    assert!(any(&calls, &["PATCH repos/example/okta/issues/comments/77 "]), "{calls:?}");
    github.0.set_environment("PIPELINE_TENANT", "acme");
    let (_, body) = run(&github.0, "github.sh", &["comment", "5"], "");
    assert!(body.starts_with("<!-- druva-okta-backup-acme -->\n## acme\n\n### Plan: 2 to create\n"), "{body}");

    let gitlab = with_stand_in("curl");
    gitlab.pipeline("plan").expect_success();
    let notes = "projects/7/merge_requests/3/notes";
    let (calls, body) = run(&gitlab.0, "gitlab.sh", &["comment"], "[]");
    assert!(any(&calls, &[notes, "body@pipeline-out/body.md"]) && !any(&calls, &["PUT"]), "{calls:?}");
    assert!(body.starts_with("<!-- druva-okta-backup -->\n### Plan: 2 to create\n"), "{body}");
    let others = json!([{"id": 76, "body": "Nice"}, {"id": 77, "body": "<!-- druva-okta-backup -->\n### Plan"}]);
    let (calls, _) = run(&gitlab.0, "gitlab.sh", &["comment"], &others.to_string());
    assert!(any(&calls, &["PUT", &format!("{notes}/77")]), "{calls:?}");
}

/// Runs are looked for by the merged commit: none of another branch or workflow is taken, whatever it called its artifact.
#[test]
fn github_compares_with_the_plan_of_the_pull_request_that_was_merged() {
    let mut clone = with_stand_in("gh");
    clone.review();
    fs::rename(clone.out("reviewed.json"), clone.0.path("fake/reviewed.json")).unwrap();
    clone.0.write("fake/by_hand", "");
    clone.0.write("fake/merged", "4567cdef");
    clone.0.write("fake/artifacts", "77");
    let (calls, _) = run(&clone.0, "github.sh", &["fetch"], "4711");
    let runs = "actions/workflows/plan.yml/runs?event=";
    assert!(any(&calls[..1], &[runs, "workflow_dispatch&branch=main&head_sha=0123abcd&status=success"]), "{calls:?}");
    assert!(any(&calls[1..2], &["commits/0123abcd/pulls", ".merge_commit_sha == \"0123abcd\""]), "{calls:?}");
    assert!(any(&calls[2..3], &[runs, "pull_request&head_sha=4567cdef&status=success"]), "{calls:?}");
    assert!(any(&calls[3..4], &["actions/runs/4711/artifacts?name=plan --jq"]), "{calls:?}");
    assert!(any(&calls[4..], &["run download 4711 --name plan --dir pipeline-out/reviewed"]), "{calls:?}");
    clone.pipeline("apply").expect_success();

    // A plan that was made by hand comes first.
    clone.0.write("fake/by_hand", "4712");
    let (calls, _) = run(&clone.0, "github.sh", &["fetch"], "");
    assert!(calls.len() == 3 && any(&calls, &["run download 4712"]), "{calls:?}");

    // Where there are many tenants, each has a plan of its own.
    clone.0.set_environment("PIPELINE_TENANT", "acme");
    let (calls, _) = run(&clone.0, "github.sh", &["fetch"], "");
    assert!(any(&calls, &["artifacts?name=plan-acme "]), "{calls:?}");
    assert!(any(&calls, &["run download 4712 --name plan-acme "]), "{calls:?}");

    // One that no longer has it, or was made for another tenant, is passed over.
    clone.0.write("fake/artifacts", "");
    let (calls, _) = run(&clone.0, "github.sh", &["fetch"], "4711");
    assert!(!any(&calls, &["run download"]) && !clone.out("reviewed.json").exists(), "{calls:?}");

    // Where there is none, nothing of an earlier time is left to compare with.
    for left in ["fake/by_hand", "fake/merged"] {
        clone.0.write(left, "");
    }
    let (calls, _) = run(&clone.0, "github.sh", &["fetch"], "");
    assert_eq!(calls.len(), 2, "{calls:?}");
    assert!(!clone.out("reviewed.json").exists());
}

#[test]
fn gitlab_compares_with_the_plan_of_the_merge_request_that_was_merged() {
    let clone = with_stand_in("curl");
    clone.review();
    fs::rename(clone.out("reviewed.json"), clone.0.path("fake/reviewed.json")).unwrap();
    clone.0.write("fake/by_hand", "[]");
    let requests = json!([
        {"iid": 4, "sha": "ffff", "state": "opened", "target_branch": "main"},
        {"iid": 5, "sha": "4567cdef", "state": "merged", "target_branch": "main"},
    ]);
    clone.0.write("fake/merged", &requests.to_string());
    let pipelines = json!([
        {"id": 90, "sha": "4567cdef", "ref": "a-branch", "status": "success"},
        {"id": 91, "sha": "eeee", "ref": "refs/merge-requests/5/head", "status": "success"},
        {"id": 92, "sha": "4567cdef", "ref": "refs/merge-requests/5/head", "status": "success"},
    ]);
    clone.0.write("fake/pipelines", &pipelines.to_string());
    clone.0.write(
        "fake/jobs",
        r#"[{"id": 1, "name": "lint", "status": "success"}, {"id": 2, "name": "plan", "status": "success"}]"#,
    );
    let (calls, _) = run(&clone.0, "gitlab.sh", &["fetch"], "");
    assert!(any(&calls, &["pipelines?sha=0123abcd&ref=main&source=web&status=success"]), "{calls:?}");
    assert!(any(&calls, &["merge_requests/5/pipelines"]) && any(&calls, &["pipelines/92/jobs"]), "{calls:?}");
    assert!(any(&calls, &["jobs/2/artifacts/pipeline-out/plan.json"]), "{calls:?}");
    clone.pipeline("apply").expect_success();

    clone.0.write("fake/merged", "[]");
    let (calls, _) = run(&clone.0, "gitlab.sh", &["fetch"], "");
    assert_eq!(calls.len(), 2, "{calls:?}");
    assert!(!clone.out("reviewed.json").exists());
}

/// The real curl, and two servers: one in the place of GitLab, and one that it leads to. A `.curlrc` that follows and trusts does not
/// count.
#[test]
fn the_token_of_gitlab_goes_to_no_other_host() {
    let other = Recorder::start();
    let leads_to =
        format!("http://user:secretOfTheUrl@localhost:{}/elsewhere?signature=secretOfTheUrl", other.address.port());
    let redirect = format!("302 Found\r\nLocation: {leads_to}");
    let mut lab = Lab::with_sandbox(Sandbox::start(), "", "");
    super::copy(&super::example().join("pipeline"), &lab.path("pipeline"));
    lab.write(".curlrc", "location-trusted\n");
    fs::create_dir(lab.path("pipeline-out")).unwrap();
    for name in ["comment.md", "summary.md"] {
        lab.write(&format!("pipeline-out/{name}"), "# Text\n\nText\n");
    }
    let gitlab = Recorder::answering(move |path| match path {
        _ if path.contains("/pipelines?") => ("200 OK".to_owned(), r#"[{"id": 7}]"#.to_owned()),
        _ if path.ends_with("/pipelines/7/jobs") => {
            ("200 OK".to_owned(), r#"[{"id": 2, "name": "plan", "status": "success"}]"#.to_owned())
        }
        _ => (redirect.clone(), String::new()),
    });
    let home = lab.path("").to_string_lossy().into_owned();
    for (name, value) in [
        ("HOME", home.as_str()),
        ("CI_API_V4_URL", &format!("http://{}/api/v4", gitlab.address)),
        ("CI_PROJECT_ID", "7"),
        ("CI_MERGE_REQUEST_IID", "3"),
        ("CI_COMMIT_SHA", "0123abcd"),
        ("CI_COMMIT_BRANCH", "main"),
        ("GITLAB_TOKEN", "theTokenOfTheProject"),
    ] {
        lab.set_environment(name, value);
    }
    for (arguments, last) in [
        (&["fetch"][..], "/jobs/2/artifacts/pipeline-out/plan.json"),
        (&["comment"], "/merge_requests/3/notes?"),
        (&["issue", "2"], "/issues?"),
    ] {
        let output = lab.command("sh").arg("pipeline/gitlab.sh").args(arguments).output().unwrap();
        let refused = Printed::from(&output).expect_failure();
        let to = format!("GitLab answered with a redirect (302), to the host \"localhost:{}\".", other.address.port());
        refused.says(&[&to, "It was not followed"]).does_not_say(&["theToken", "secretOfTheUrl"]);
        let asked = gitlab.received().pop().unwrap();
        assert!(asked.contains(last) && asked.contains("PRIVATE-TOKEN: theTokenOfTheProject"), "{asked}");
        assert_eq!(other.received(), [""; 0], "{arguments:?}");
    }
    assert!(!lab.path("pipeline-out/reviewed.json").exists(), "nothing to compare with");
}
