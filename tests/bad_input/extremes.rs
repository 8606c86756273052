//! Input that is deep, long, or claims to be.

use std::time::{Duration, Instant};

use super::checks::{druva_answer, link_header, okta_answer, private_key, rate_limit, rpc};

/// The smallest stack that a main thread has anywhere: that of Windows.
const SMALLEST_STACK: usize = 1024 * 1024;
const LONGEST: Duration = Duration::from_secs(10);
/// What the process may have held at its height: an input of some megabytes, decoded.
const MOST_MEMORY_KB: u64 = 768 * 1024;

/// Runs `check` with a small stack, and does not let it take its time or the memory.
fn within_limits(what: &str, check: impl FnOnce() + Send + 'static) {
    let started = Instant::now();
    // A stack that overflows ends the process, and so the test.
    std::thread::Builder::new().stack_size(SMALLEST_STACK).spawn(check).expect("a thread").join().expect(what);
    assert!(started.elapsed() < LONGEST, "{what} took {:?}", started.elapsed());
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        let peak =
            status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        let peak: u64 = peak.expect("a figure");
        assert!(peak < MOST_MEMORY_KB, "{what} took {peak} kB");
    }
}

/// Every RPC that takes a value, with this one, at a configured provider.
fn in_every_rpc(what: &'static str, value: Vec<u8>, flags: u8) {
    for number in 2..=17 {
        let request = [&[number, flags | 4], value.as_slice()].concat();
        within_limits(what, move || drop(rpc(&request)));
    }
}

fn one_attribute(name: &str, value: &[u8]) -> Vec<u8> {
    [&[0x81, 0xa0 | u8::try_from(name.len()).expect("short")], name.as_bytes(), value].concat()
}

#[test]
fn deep_nesting_does_not_exhaust_the_stack() {
    for depth in [100, 1000, 100_000] {
        let arrays = vec![0x91; depth];
        let maps = b"\x81\xa1a".repeat(depth);
        for (name, flags) in [("properties", 0), ("granted_scopes", 0), ("timeouts", 1), ("nonsense", 1), ("okta", 0)] {
            in_every_rpc("deep arrays", one_attribute(name, &[&arrays[..], &[0xc0]].concat()), flags);
            in_every_rpc("deep maps", one_attribute(name, &[&maps[..], &[0xc0]].concat()), flags);
        }
        in_every_rpc("arrays alone", arrays, 0);
    }
    for depth in [100, 100_000] {
        let json = [br#"{"properties":"#, "[".repeat(depth).as_bytes()].concat();
        in_every_rpc("deep JSON", json.clone(), 8);
        for kind in 0..16 {
            let (to_okta, to_druva) = ([&[kind], json.as_slice()].concat(), [&[kind], json.as_slice()].concat());
            within_limits("a deep answer", move || okta_answer(&to_okta));
            within_limits("a deep answer", move || druva_answer(&to_druva));
        }
    }
}

#[test]
fn a_length_that_is_only_claimed_takes_no_memory() {
    let claims: [&[u8]; 6] = [
        b"\xdd\xff\xff\xff\xff",
        b"\xdf\xff\xff\xff\xff",
        b"\xdb\xff\xff\xff\xff",
        b"\xc6\xff\xff\xff\xff",
        b"\xc9\xff\xff\xff\xff\x00",
        b"\xdc\xff\xff",
    ];
    for claim in claims {
        for name in ["properties", "granted_scopes", "type", "okta_domain", "timeouts", "okta"] {
            for flags in [0, 1] {
                in_every_rpc("one claim", one_attribute(name, claim), flags);
                in_every_rpc("claims in claims", one_attribute(name, &claim.repeat(1000)), flags);
            }
        }
        in_every_rpc("a claim alone", claim.to_vec(), 0);
    }
}

#[test]
fn long_values_are_answered() {
    const LONG: usize = 64 * 1024;
    let text = [b"\xdb\x00\x01\x00\x00".as_slice(), &vec![b'a'; LONG]].concat();
    let nils = [b"\xdd\x00\x01\x00\x00".as_slice(), &vec![0xc0; LONG]].concat();
    for name in ["type", "granted_scopes", "okta_domain", "superseded_secret_ids", "client_secret"] {
        in_every_rpc("a long text", one_attribute(name, &text), u8::from(name == "okta_domain"));
        in_every_rpc("a long list", one_attribute(name, &nils), u8::from(name == "okta_domain"));
    }
    let sentence = "a b".repeat(LONG);
    for text in [format!(r#"{{"errorCode":"{sentence}","errorSummary":"{sentence}"}}"#), sentence.clone()] {
        for kind in 6..16 {
            let (to_okta, to_druva) = ([&[kind], text.as_bytes()].concat(), [&[kind], text.as_bytes()].concat());
            within_limits("a long answer", move || okta_answer(&to_okta));
            within_limits("a long answer", move || druva_answer(&to_druva));
        }
    }
    let links = format!("<{}>; rel=\"self\", ", "a".repeat(64)).repeat(10_000);
    within_limits("many links", move || drop(link_header(links.as_bytes())));
    let header = format!("0\nretry-after: {}", "9".repeat(LONG));
    // It is believed like any wait that is too long.
    within_limits("a long header", move || assert!(rate_limit(header.as_bytes()) <= Duration::from_secs(2 * 3600)));
}

#[test]
fn a_key_may_be_deep_or_long() {
    let length = |bytes: usize| u32::try_from(bytes).expect("short").to_be_bytes();
    // A sequence in a sequence in a sequence, as DER.
    let mut der = vec![0x05, 0x00];
    while der.len() < 400_000 {
        der = if der.len() < 50_000 || der.len() > 390_000 {
            [&[0x30, 0x84], &length(der.len())[..], &der[..]].concat()
        } else {
            [&[0x30, 0x84], &length(der.len() + 1000)[..], &der[..], &[0; 1000]].concat()
        };
    }
    // One number of a megabyte in an object identifier.
    let oid = [&[0x06, 0x84], &length(1_000_001)[..], &vec![0x81; 1_000_000], &[0x01]].concat();
    for tag in ["RSA PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY"] {
        for der in [&der, &oid] {
            let text = pem::encode(&pem::Pem::new(tag, der.clone()));
            within_limits("a key", move || private_key(text.as_bytes()));
        }
    }
    let text = "-----BEGIN PRIVATE KEY-----\n".repeat(100_000);
    within_limits("many beginnings", move || private_key(text.as_bytes()));
}
