//! What servers are told of the program that asks.

use testkit::servers::Recorder;

use crate::lab::{Lab, okta_block};
use testkit::sandbox::Sandbox;

#[test]
fn what_the_environment_appends_to_the_user_agent_is_in_each_request() {
    let ours = concat!("user-agent: terraform-provider-druva/", env!("CARGO_PKG_VERSION"));
    for (appended, line) in [
        (None, ours.to_owned()),
        (Some(" pipeline/42 (team druva)\nInjected: x "), format!("{ours} pipeline/42 (team druva) Injected: x")),
    ] {
        let recorder = Recorder::start();
        let url = format!("http://{}", recorder.address);
        let okta = okta_block(&url, "api_token = \"00token-of-a-test\"");
        let druva = format!("api_url = \"{url}\"\nclient_id = \"id\"\nclient_secret = \"secret-of-a-test\"");
        let resources = "data \"druva_okta_integrations\" \"all\" {}\ndata \"druva_okta_links\" \"all\" {}";
        let provider = format!("provider \"druva\" {{\n{druva}\n{okta}\n}}");
        let mut lab = Lab::with_sandbox(Sandbox::start(), &provider, resources);
        appended.into_iter().for_each(|text| lab.set_environment("TF_APPEND_USER_AGENT", text));
        lab.plan_fails();
        let heads = recorder.received();
        let paths: Vec<_> = heads.iter().filter_map(|head| head.split(' ').nth(1)).collect();
        assert!(paths.contains(&"/token") && paths.iter().any(|path| path.ends_with("/api-services")), "{paths:?}");
        for head in &heads {
            assert!(head.lines().any(|found| found.trim_end() == line), "{head}");
        }
    }
}
