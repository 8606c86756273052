//! Every RPC, with values that are nearly right.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use terraform_provider_druva::druva::okta_links::{self, AppStatus};

use super::checks::{PLANTED, RPCS, rpc};
use super::tree::{UNKNOWN, leaf, nearly};
use super::{cases, msgpack};

const JSON: u8 = 8;

fn provider() -> Value {
    json!({
        "client_id": "druva", "client_secret": PLANTED, "cloud": "public", "api_url": null, "okta_api_path": okta_links::DEFAULT_PREFIX,
        "okta": {
            "org_url": "https://example.okta.com", "api_token": PLANTED, "access_token": null, "client_id": null,
            "private_key": null, "private_key_id": null, "scopes": ["okta.oauthIntegrations.manage"],
            "max_api_capacity": 80,
        },
        "max_retries": 3, "request_timeout_seconds": 30, "http_proxy": format!("http://u:{PLANTED}@127.0.0.1:9"),
        "ca_certificate_file": null,
    })
}

fn integration(is_planned: bool) -> Value {
    let computed = |value: &str| if is_planned { json!(UNKNOWN) } else { json!(value) };
    json!({
        "type": "druva_data_security_cloud", "granted_scopes": ["okta.users.manage", "okta.groups.manage"],
        "properties": { "baseUrl": "https://example.com" }, "adopt_existing": false, "store_client_secret": true,
        "rotate_when_changed": { "month": "2026-01" }, "replace_oldest_secret": false,
        "timeouts": { "create": "30m", "read": null, "update": "90s", "delete": "1h30m" },
        "id": computed("0oa72lrepvp4WqEET1d9"), "client_id": computed("0oa72lrepvp4WqEET1d9"),
        "client_secret": computed(PLANTED), "client_secret_id": computed("ocs2f4zrZbs8nUa7p0g4"),
        "client_secret_hash": computed("yk4SVx4sUWVJVbHt6M-UPA"), "client_secret_status": computed("ACTIVE"),
        "name": computed("Druva Data Security Cloud"), "org_url": "https://example.okta.com",
        "created_at": computed("2023-02-21T20:08:24.000Z"), "created_by": computed("00uu3u0ujW1P6AfZC2d5"),
        "config_guide_url": computed("https://example.com/guide"),
    })
}

fn link(is_planned: bool) -> Value {
    let computed = |value: &str| if is_planned { json!(UNKNOWN) } else { json!(value) };
    json!({
        "okta_domain": "https://example.okta.com", "client_id": "0oa72lrepvp4WqEET1d9", "client_secret": PLANTED,
        "client_secret_wo": null, "client_secret_wo_version": null, "mint_client_secret": false,
        "rotate_when_changed": null, "retire_superseded_secrets": true, "backup_enabled": true,
        "cloud_key_management_enabled": true, "verify_client_secret": true, "timeouts": { "create": "30m" },
        "id": computed("d-1"), "status": AppStatus::CONNECTED, "status_reason": null,
        "client_secret_id": computed("ocs2f4zrZbs8nUa7p0g4"), "client_secret_hash": computed("yk4SVx4sUWVJVbHt6M-UPA"),
        "client_secret_status": computed("ACTIVE"), "superseded_secret_ids": [],
        "storage_region": computed("us-east-1"), "backup_frequency": computed("daily"),
        "backup_retention": computed("90 days"), "added_on": computed("2026-01-01T00:00:00.000Z"),
    })
}

/// The configuration of a data source, by the bits that choose it.
fn data_source(flags: u8) -> Value {
    let timeouts = json!({ "read": "90s" });
    match flags & 3 | flags >> 2 & 4 {
        0 => json!({ "id": null, "type": "druva_data_security_cloud", "timeouts": timeouts, "secrets": null }),
        1 => json!({ "type": "druva_data_security_cloud", "timeouts": timeouts, "ids": null, "integrations": null }),
        2 => json!({ "id": null, "okta_domain": "https://example.okta.com", "timeouts": null, "last_backup": null }),
        3 => json!({ "timeouts": timeouts, "ids": null, "links": null }),
        4 => json!({ "type": null, "expect_new": true, "timeouts": timeouts, "okta_org": null, "ready": null }),
        _ => json!({ "access": "manage", "groups": ["users"], "names": null, "scopes": null, "note": null }),
    }
}

/// The configuration of a list resource.
fn list(flags: u8) -> Value {
    if flags & 1 == 0 {
        json!({ "type": "druva_data_security_cloud", "timeouts": null })
    } else {
        json!({ "timeouts": null })
    }
}

/// The configuration of an action.
fn action(flags: u8) -> Value {
    let timeouts = json!({ "invoke": "2h" });
    if flags & 1 == 0 {
        json!({ "link_id": "okd-1", "wait": true, "timeouts": timeouts })
    } else {
        json!({ "link_id": "okd-1", "client_id": "0oa1", "client_secret": PLANTED, "timeouts": timeouts })
    }
}

/// The three values of a request, for the RPC and type that the first two bytes choose.
fn values(number: u8, flags: u8) -> Vec<BoxedStrategy<Value>> {
    let resource = |is_planned| if flags & 1 == 0 { integration(is_planned) } else { link(is_planned) };
    let value = |valid: Value| {
        let null = Just(Value::Null);
        prop_oneof![1 => null, 8 => nearly(valid, 3, leaf())].boxed()
    };
    match number {
        2 | 3 => vec![value(provider())],
        6 => vec![value(resource(false)), prop_oneof![Just(Value::Null), leaf()].boxed()],
        10 | 11 => vec![value(data_source(flags))],
        18 | 19 => vec![value(list(flags))],
        20..=22 => vec![value(action(flags))],
        16 | 17 => vec![value(json!({ "timeouts": { "read": "90s" }, "access_token": null, "api_url": null }))],
        14 => {
            let keys = ["org_url", "okta_domain", "id"].into_iter();
            let whole: serde_json::Map<_, _> =
                keys.map(|key| (key.to_owned(), resource(false).get(key).cloned().unwrap_or_default())).collect();
            vec![value(whole.into())]
        }
        12 => ["users", "https://example.okta.com", "groups"].map(|text| value(json!(text))).to_vec(),
        _ => vec![value(resource(false)), value(resource(true)), value(resource(false))],
    }
}

/// What [`rpc`] reads.
fn request() -> impl Strategy<Value = Vec<u8>> {
    (0..RPCS, any::<u8>()).prop_flat_map(|(number, flags)| {
        values(number, flags).prop_map(move |values| {
            let mut request = vec![number, flags];
            match number {
                5 | 13 | 15 => request.extend(values[0].to_string().into_bytes()),
                9 => request.extend(values[0]["id"].to_string().into_bytes()),
                _ if flags & JSON != 0 => request.extend(values[0].to_string().into_bytes()),
                _ => request.extend(values.iter().flat_map(msgpack::bytes)),
            }
            request
        })
    })
}

/// Some bytes cut off, changed or added.
fn damaged(bytes: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let place = any::<prop::sample::Index>;
    (bytes, vec((place(), any::<u8>()), 0..3), proptest::option::of(place()), vec(any::<u8>(), 0..3)).prop_map(
        |(mut bytes, changes, end, more)| {
            for (place, byte) in changes {
                let place = place.index(bytes.len());
                // The first two say which call it is.
                if place > 1 {
                    bytes[place] = byte;
                }
            }
            if let Some(end) = end {
                bytes.truncate(end.index(bytes.len()).max(2));
            }
            bytes.extend(more);
            bytes
        },
    )
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn a_request_that_is_nearly_right_is_answered_without_quoting_a_secret(request in request()) {
        let said = format!("{:?}", rpc(&request));
        prop_assert!(!said.contains(PLANTED), "{said}");
    }

    #[test]
    fn a_request_that_is_damaged_is_answered(request in damaged(request())) {
        rpc(&request);
    }
}

#[test]
fn requests_that_are_right_get_as_far_as_the_servers() {
    let said = |number: u8, flags: u8, values: &[Value]| {
        let mut request = vec![number, flags];
        request.extend(values.iter().flat_map(msgpack::bytes));
        rpc(&request).into_iter().map(|found| found.detail).collect::<Vec<_>>()
    };
    assert_eq!(said(2, 0, &[provider()]), [""; 0]);
    for (kind, resource) in [(0, integration as fn(bool) -> Value), (1, link)] {
        let configured = kind | 4;
        for (number, values) in [
            (6, vec![resource(false)]),
            (8, vec![Value::Null, resource(true), resource(false)]),
            (8, vec![resource(false), Value::Null, Value::Null]),
        ] {
            let said = said(number, configured, &values);
            assert!(said.iter().any(|detail| detail.contains("Cannot connect")), "{number} {kind}: {said:?}");
        }
    }
    for (number, flags) in [(11, 0), (11, 1), (11, 2), (11, 3), (19, 0), (19, 1), (21, 0), (21, 1), (22, 0), (22, 1)] {
        let config = match number {
            11 => data_source(flags),
            19 => list(flags),
            _ => action(flags),
        };
        let said = said(number, flags | 4, &[config]);
        assert!(said.iter().any(|detail| detail.contains("Cannot connect")), "{flags}: {said:?}");
    }
    // The preflight answers, and the scopes ask nobody.
    for flags in [16, 17] {
        assert_eq!(said(11, flags | 4, &[data_source(flags)]), [""; 0]);
    }
}

/// What the fuzzer starts from. After a change of the schema: `cargo test --test bad_input -- --ignored`.
#[test]
#[ignore = "writes fuzz/seeds/rpc"]
fn write_seeds() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/rpc");
    let write = |name: String, number: u8, flags: u8, values: &[&Value]| {
        let values = if flags & JSON == 0 {
            values.iter().flat_map(|value| msgpack::bytes(value)).collect()
        } else {
            values[0].to_string().into_bytes()
        };
        std::fs::write(folder.join(name), [vec![number, flags], values].concat()).expect("written");
    };
    std::fs::create_dir_all(&folder).expect("a folder");
    write("schema".to_owned(), 1, 0, &[]);
    write("validate-provider".to_owned(), 2, 0, &[&provider()]);
    write("configure".to_owned(), 3, JSON, &[&provider()]);
    for (name, kind, resource) in [("integration", 4, integration as fn(bool) -> Value), ("link", 5, link)] {
        let (state, plan, null) = (resource(false), resource(true), &Value::Null);
        write(format!("validate-{name}"), 4, kind, &[&plan]);
        write(format!("upgrade-{name}"), 5, kind | JSON, &[&state]);
        write(format!("read-{name}"), 6, kind, &[&state]);
        write(format!("plan-{name}"), 7, kind, &[null, &plan, &plan]);
        write(format!("replan-{name}"), 7, kind, &[&state, &plan, &plan]);
        write(format!("create-{name}"), 8, kind, &[null, &plan, &plan]);
        write(format!("update-{name}"), 8, kind, &[&state, &plan, &plan]);
        write(format!("destroy-{name}"), 8, kind, &[&state, null, null]);
        write(format!("import-{name}"), 9, kind | JSON, &[&Value::from("example.okta.com")]);
    }
    for kind in [0, 1, 2, 3, 16, 17] {
        write(format!("validate-data-{kind}"), 10, kind, &[&data_source(kind)]);
        write(format!("read-data-{kind}"), 11, kind | 4, &[&data_source(kind)]);
    }
    for (name, kind, resource) in [("integration", 4, integration(false)), ("link", 5, link(false))] {
        let identity =
            json!({ "org_url": resource["org_url"], "okta_domain": resource["okta_domain"], "id": resource["id"] });
        write(format!("identity-{name}"), 13, kind | JSON, &[&identity]);
        write(format!("import-identity-{name}"), 14, kind, &[&identity]);
        write(format!("move-{name}"), 15, kind | JSON, &[&resource]);
    }
    for kind in [0, 1] {
        write(format!("validate-list-{kind}"), 18, kind, &[&list(kind)]);
        write(format!("list-{kind}"), 19, kind | 4, &[&list(kind)]);
        write(format!("validate-action-{kind}"), 20, kind, &[&action(kind)]);
        write(format!("plan-action-{kind}"), 21, kind | 4, &[&action(kind)]);
        write(format!("invoke-action-{kind}"), 22, kind | 4, &[&action(kind)]);
    }
    for (name, argument) in [("domain", "https://example.okta.com"), ("scopes", "users")] {
        write(format!("call-{name}"), 12, u8::from(name == "scopes"), &[&Value::from(argument)]);
    }
}
