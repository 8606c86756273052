//! What must hold when all is over, looked up in the sandbox and in the state.

use serde_json::Value as Json;
use terraform_provider_druva::druva::okta_links::AppStatus;

use crate::configuration::Resource;
use crate::state::State;

/// What is wrong with a world in which everything should be in order.
pub fn converged(world: &Json, state: &State) -> Vec<String> {
    let mut wrong = Vec::new();
    let integrations = list(&world["okta"]["integrations"]);
    let domains = list(&world["druva"]["domains"]);
    if integrations.len() != 1 {
        wrong.push(format!("{} integrations in Okta", integrations.len()));
    }
    if domains.len() != 1 {
        wrong.push(format!("{} links in Druva", domains.len()));
    }
    let ([integration], [domain]) = (integrations, domains) else { return wrong };
    if domain["appStatus"] != AppStatus::CONNECTED {
        wrong.push(format!("the link is {}", domain["appStatus"]));
    }
    match list(&integration["secrets"]) {
        [only] if only["status"] != "ACTIVE" => wrong.push(format!("the secret is {}", only["status"])),
        [only] if only["secret_hash"] != domain["secret_hash"] => wrong.push("Druva uses another secret".to_owned()),
        [_] => {}
        secrets => wrong.push(format!("{} secrets in Okta", secrets.len())),
    }
    if state.contains_key(&Resource::Deposed) {
        wrong.push("an integration is deposed".to_owned());
    }
    for (resource, id) in [(Resource::Integration, &integration["id"]), (Resource::Link, &domain["id"])] {
        match state.get(&resource) {
            Some(instance) if instance.is_tainted => wrong.push(format!("{resource:?} is tainted")),
            Some(instance) if instance.attributes["id"] == *id => {}
            Some(_) => wrong.push(format!("the state has another {resource:?} than the world")),
            None => wrong.push(format!("{resource:?} is not in the state")),
        }
    }
    wrong
}

/// What is left where nothing should be.
pub fn destroyed(world: &Json, state: &State) -> Vec<String> {
    let left = [
        ("integrations in Okta", list(&world["okta"]["integrations"]).len()),
        ("links in Druva", list(&world["druva"]["domains"]).len()),
        ("resources in the state", state.len()),
    ];
    left.into_iter().filter(|(_, number)| *number > 0).map(|(what, number)| format!("{number} {what}")).collect()
}

/// Where a link was seen unconnected, in the changes of its status since the operation began. Where Druva had lost its
/// connection before, it counts from the first time that it was back; one recovery may be allowed.
pub fn lost_connections(changes: &[Json], requests: &Json, may_recover: bool) -> Vec<String> {
    let mut lost: Vec<(u64, u64)> = Vec::new();
    let mut wrong = Vec::new();
    for (place, change) in changes.iter().enumerate().filter(|(_, change)| change["status"] == AppStatus::NOT_CONNECTED)
    {
        let from = change["after_request"].as_u64().unwrap_or_default();
        match changes.get(place + 1).map(|back| (&back["status"], back["after_request"].as_u64().unwrap_or_default())) {
            Some((status, to)) if status == AppStatus::CONNECTED => lost.push((from, to)),
            _ => wrong.push(format!("Druva lost its connection for good after request {from}")),
        }
    }
    let is_allowed = |&(from, to): &(u64, u64)| may_recover && lost.len() == 1 && is_recovery(from, to, requests);
    let broken = lost.iter().filter(|interval| !is_allowed(interval));
    wrong.extend(broken.map(|(from, to)| format!("Druva lost its connection from request {from} to {to}")));
    wrong
}

/// Whether it was a secret's deactivation and its activation, with nothing but questions in between.
fn is_recovery(from: u64, to: u64, requests: &Json) -> bool {
    let changing = |entry: &&Json| {
        let path = entry["path"].as_str().unwrap_or_default();
        let between = (from..=to).contains(&entry["n"].as_u64().unwrap_or_default());
        between && entry["method"] != "GET" && !path.ends_with("/token")
    };
    let changing: Vec<&str> =
        list(requests).iter().filter(changing).filter_map(|entry| entry["path"].as_str()).collect();
    match changing[..] {
        [off, on] => off.ends_with("/lifecycle/deactivate") && on == off.replace("/deactivate", "/activate"),
        _ => false,
    }
}

fn list(json: &Json) -> &[Json] {
    json.as_array().map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::state::Instance;

    fn world() -> Json {
        json!({
            "okta": {"integrations": [
                {"id": "i", "secrets": [{"id": "s", "status": "ACTIVE", "secret_hash": "h"}]},
            ]},
            "druva": {"domains": [{"id": "l", "appStatus": AppStatus::CONNECTED, "secret_hash": "h"}]},
        })
    }

    fn state() -> State {
        let instance = |id: &str| Instance { attributes: json!({"id": id}), private: Vec::new(), is_tainted: false };
        [(Resource::Integration, instance("i")), (Resource::Link, instance("l"))].into()
    }

    #[test]
    fn a_good_world_is_good_and_each_bad_one_is_found() {
        assert!(converged(&world(), &state()).is_empty());
        let integration = world()["okta"]["integrations"][0].clone();
        let secret = integration["secrets"][0].clone();
        let bad: [(&str, Json, &str); 9] = [
            ("/okta/integrations", json!([]), "0 integrations in Okta"),
            ("/okta/integrations", json!([integration, integration]), "2 integrations in Okta"),
            ("/okta/integrations/0/id", json!("other"), "the state has another Integration than the world"),
            ("/okta/integrations/0/secrets", json!([]), "0 secrets in Okta"),
            ("/okta/integrations/0/secrets", json!([secret, secret]), "2 secrets in Okta"),
            ("/okta/integrations/0/secrets/0/status", json!("INACTIVE"), "the secret is \"INACTIVE\""),
            ("/okta/integrations/0/secrets/0/secret_hash", json!("other"), "Druva uses another secret"),
            ("/druva/domains/0/appStatus", json!(AppStatus::NOT_CONNECTED), "the link is \"NOT_CONNECTED\""),
            ("/druva/domains", json!([]), "0 links in Druva"),
        ];
        for (place, value, found) in bad {
            let mut world = world();
            *world.pointer_mut(place).unwrap() = value;
            assert!(converged(&world, &state()).contains(&found.to_owned()), "{found}");
        }
    }

    #[test]
    fn a_state_that_lacks_something_or_wants_to_replace_it_is_found() {
        let mut without = state();
        without.remove(&Resource::Link);
        assert_eq!(converged(&world(), &without), ["Link is not in the state"]);
        let mut tainted = state();
        tainted.get_mut(&Resource::Link).unwrap().is_tainted = true;
        assert_eq!(converged(&world(), &tainted), ["Link is tainted"]);
    }

    #[test]
    fn what_is_left_after_a_destruction_is_found() {
        let nothing = json!({"okta": {"integrations": []}, "druva": {"domains": []}});
        assert!(destroyed(&nothing, &State::new()).is_empty());
        assert_eq!(destroyed(&world(), &state()).len(), 3);
    }

    #[test]
    fn a_lost_connection_is_found_unless_it_is_the_one_recovery() {
        let change = |status: &str, after: u64| json!({"status": status, "after_request": after});
        let request = |n: u64, method: &str, path: &str| json!({"n": n, "method": method, "path": path});
        let changes =
            [change(AppStatus::CONNECTED, 1), change(AppStatus::NOT_CONNECTED, 5), change(AppStatus::CONNECTED, 7)];
        let recovery = json!([
            request(5, "POST", "/secrets/s/lifecycle/deactivate"),
            request(6, "GET", "/domains/l"),
            request(7, "POST", "/secrets/s/lifecycle/activate"),
        ]);
        assert!(lost_connections(&changes[..1], &recovery, false).is_empty());
        assert!(lost_connections(&changes, &recovery, true).is_empty());
        assert_eq!(lost_connections(&changes, &recovery, false).len(), 1);
        assert_eq!(lost_connections(&changes[..2], &recovery, true).len(), 1, "it never came back");
        let twice: Vec<Json> = changes.iter().chain(&changes[1..]).cloned().collect();
        assert_eq!(lost_connections(&twice, &recovery, true).len(), 2, "one recovery, not two");
        let rotation = json!([request(5, "DELETE", "/secrets/s"), request(7, "POST", "/domains/l/authorize")]);
        assert_eq!(lost_connections(&changes, &rotation, true).len(), 1, "it was no recovery");
    }
}
