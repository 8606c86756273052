//! A server whose lists never end: the provider gives up, and its memory has a bound.

use serde_json::json;
use terraform_provider_druva::druva::okta_links::AppStatus;
use testkit::servers::listen;

use super::wire::{Message, Stream};
use crate::bench::Bench;
use crate::provider::{Kind, Question};

/// A little less than the largest answer that is read.
const PAGE_BYTES: usize = 4 * 1024 * 1024 - 64 * 1024;
/// What the provider may take, in KiB: half as much again as it takes for four pages and one that is too many.
const MOST_KIB: u64 = 96 * 1024;

/// Serves pages for ever, each of which leads to another one.
fn endless(page: fn(&str) -> Message) -> String {
    let address = listen(move |stream| async move {
        let mut stream = Stream::new(stream);
        let mut number = 0;
        while let Ok(Some(request)) = Message::read(&mut stream).await {
            let target = request.words().1.to_owned();
            let answer = match target.ends_with("/token") {
                true => Message::answer(200, json!({"access_token": "t", "expires_in": 1800}).to_string()),
                false => page(&format!("{number}")),
            };
            number += 1;
            if answer.write(&mut stream).await.is_err() {
                return;
            }
        }
    });
    format!("http://{address}")
}

fn okta_page(number: &str) -> Message {
    // Many small entries, which take more memory than their text.
    let entry =
        |id: usize| json!({"id": format!("0oa{number}x{id}"), "type": "t", "name": "n", "properties": {"a": "b"}});
    let mut page = Message::answer(200, filled(entry, "[", "]"));
    page.set_header("Link", format!("</integrations/api/v1/api-services?after={number}>; rel=\"next\""));
    page
}

fn druva_page(number: &str) -> Message {
    let entry = |id: usize| {
        json!({
            "id": id, "oktaDomain": "example.okta.com", "clientId": "0oa1", "appStatus": AppStatus::CONNECTED, "backupEnabled": true,
            "cloudKeyManagementEnabled": true, "addedOn": "2026-01-01T00:00:00Z", "storageRegion": "r".repeat(2000),
        })
    };
    Message::answer(200, filled(entry, "{\"domains\":[", &format!("],\"nextPageToken\":\"{number}\"}}")))
}

/// As many entries as fit, and white space to the end. Okta's are fewer than a list may have in all, so that it is the bytes
/// that are bounded.
fn filled(entry: impl Fn(usize) -> serde_json::Value, before: &str, after: &str) -> String {
    let mut page = before.to_owned();
    for id in 0..4500 {
        let entry = entry(id).to_string();
        if page.len() + entry.len() > PAGE_BYTES {
            break;
        }
        if id > 0 {
            page.push(',');
        }
        page.push_str(&entry);
    }
    page.push_str(&" ".repeat(PAGE_BYTES.saturating_sub(page.len())));
    page + after
}

/// What a list is answered with, and the most memory that the provider took, in KiB.
fn list(type_name: &'static str, okta: fn(&str) -> Message, druva: fn(&str) -> Message) -> (String, u64) {
    let mut bench = Bench::new();
    bench.block["api_url"] = endless(druva).into();
    bench.block["okta"] = json!({"org_url": endless(okta), "api_token": "not-a-token"});
    let question = Question { kind: Kind::List, type_name, config: json!({}) };
    let mut peak = 0;
    bench.ask(async |provider, schemas, block| {
        let _ = provider.configure(block).await;
        provider.ask(&question, schemas).await;
        let id = provider.id().as_raw_nonzero();
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("the provider runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
        peak = line.trim().trim_end_matches(" kB").parse().expect("a number");
    });
    (String::from_utf8_lossy(&bench.shown()).into_owned(), peak)
}

#[test]
#[cfg(target_os = "linux")]
fn a_list_without_end_ends_with_an_error_and_in_bounded_memory() {
    for type_name in ["druva_okta_integration", "druva_okta_link"] {
        let (shown, peak) = list(type_name, okta_page, druva_page);
        crate::say(&format!("{type_name}, from pages of 4 MB without end: {peak} KiB at most\n"));
        assert!(
            shown.contains("he list has more than 20000 entries"),
            "{type_name}: {}",
            &shown[..shown.len().min(2000)]
        );
        assert!(peak < MOST_KIB, "{type_name}: {peak} KiB");
    }
}
