//! Headers: the links to the next page, and how long to wait.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::cases;
use super::checks::{ASKED, link_header, rate_limit};

/// One link of a list: where it leads, and as what.
fn link() -> impl Strategy<Value = (String, &'static str)> {
    let target = prop_oneof![
        4 => "[a-z0-9,;%=~.-]{1,12}".prop_map(|after| format!("https://example.okta.com/integrations?after={after}")),
        1 => "[a-z0-9]{1,12}".prop_map(|after| format!("/integrations?after={after}")),
        1 => Just(ASKED.to_owned()),
        1 => select(vec![
            "https://elsewhere.example.com/x", "http://example.okta.com/x", "https://example.okta.com:8443/x", "//x/y",
            "https://user:secret@example.okta.com/x", "https://example.okta.com@elsewhere.example.com/",
        ]).prop_map(str::to_owned),
    ];
    (target, select(vec!["self", "next", "prev", "next prev"]))
}

/// Links that are written as RFC 8288 allows, and the same text.
fn links() -> impl Strategy<Value = (Vec<(String, &'static str)>, String)> {
    let style = select(vec![
        r#"<{}>; rel="{r}""#,
        r#"<{}>;rel="{r}""#,
        r#"<{}> ; title="rel=next, or not" ; rel="{r}""#,
        r#"<{}>; rel="{r}"; title="a; b""#,
    ]);
    let separator = select(vec![", ", ",", " , ", "\n"]);
    vec((link(), style, separator), 0..4).prop_map(|links| {
        let text: Vec<String> = links
            .iter()
            .enumerate()
            .map(|(index, ((target, rel), style, separator))| {
                let separator = if index == 0 { "" } else { separator };
                format!("{separator}{}", style.replace("{}", target).replace("{r}", rel))
            })
            .collect();
        (links.into_iter().map(|(link, ..)| link).collect(), text.concat())
    })
}

proptest! {
    #![proptest_config(cases(3000))]

    #[test]
    fn the_next_page_is_the_first_link_that_says_so((links, text) in links()) {
        let found = link_header(text.as_bytes());
        let next = links.iter().find(|(_, rel)| rel.split(' ').any(|rel| rel == "next")).map(|(target, _)| target.as_str());
        let expected = next.filter(|target| {
            *target != ASKED && (target.starts_with("https://example.okta.com/") || target.starts_with("/i"))
        });
        let found = found.map(|url| url.to_string());
        let expected = expected.map(|target| target.replace("https://example.okta.com", ""));
        prop_assert_eq!(found.map(|url| url.replace("https://example.okta.com", "")), expected);
    }

    #[test]
    fn any_text_may_stand_in_a_link_header(text in r#"([<>;,= "]|rel|next|https://example\.okta\.com|/|@|\PC){0,24}"#) {
        link_header(text.as_bytes());
    }

    #[test]
    fn no_header_makes_a_request_wait_for_ever(answers in vec((0..6u8, vec((select(NAMES.to_vec()), value()), 0..6)), 0..5)) {
        let answers = answers.into_iter().map(|(status, headers)| {
            let lines: String = headers.into_iter().map(|(name, value)| format!("\n{name}: {value}")).collect();
            format!("{}{lines}", char::from(b'0' + status))
        });
        rate_limit(answers.collect::<Vec<_>>().join("\n\n").as_bytes());
    }
}

#[test]
fn a_wait_that_was_asked_for_is_kept() {
    let took = rate_limit(b"0\nretry-after: 60\n\n4");
    assert!((60..62).contains(&took.as_secs()), "{took:?}");
}

const NAMES: [&str; 5] = ["date", "retry-after", "x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"];

fn value() -> impl Strategy<Value = String> {
    let extremes = [
        "",
        "0",
        "-1",
        "+5",
        "1.5",
        "1e9",
        "NaN",
        "50, 50",
        "18446744073709551615",
        "18446744073709551616",
        "9223372036854775807",
        "9223372036854775808",
        "253402300799",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun, 31 Feb 2026 00:00:00 GMT",
        "Thu, 01 Jan 0000 00:00:00 GMT",
    ];
    prop_oneof![select(extremes.map(str::to_owned).to_vec()), any::<u64>().prop_map(|n| n.to_string()), "[ -~]{0,32}"]
}
