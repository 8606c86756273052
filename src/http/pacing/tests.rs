use std::time::SystemTime;

use reqwest::header::HeaderMap;
use zeroize::Zeroizing;

use super::*;

#[test]
fn a_family_is_the_path_up_to_its_first_id() {
    let services = "/integrations/api/v1/api-services";
    for (path, expected) in [
        (services, services),
        (&format!("{services}/0oa72lrepvp4WqEET1d9"), services),
        (&format!("{services}/0oa72lrepvp4WqEET1d9/credentials/secrets/ocs2f4zrZbs8nUa7p0g4"), services),
        ("/oauth2/v1/token", "/oauth2/v1/token"),
        ("/api/v1/users/00uu3u0ujW1P6AfZC2d5/roles", "/api/v1/users"),
        ("", ""),
    ] {
        assert_eq!(family(path), expected);
    }
}

#[test]
fn the_latest_response_of_the_last_window_counts_whatever_overtakes_it() {
    let now = Moment { here: Instant::now(), there: SystemTime::UNIX_EPOCH };
    let handle = Pacing::new(100).bucket("example.okta.com", "/list");
    for (remaining, reset, counts) in [(5, 60, 5), (7, 60, 5), (90, 120, 90), (4, 60, 90)] {
        let mut headers = HeaderMap::new();
        headers.insert("x-rate-limit-limit", 100.into());
        headers.insert("x-rate-limit-remaining", remaining.into());
        headers.insert("x-rate-limit-reset", reset.into());
        handle.bucket.state().on_send(now.here);
        let response = Response { status: StatusCode::OK, headers, body: Zeroizing::default() };
        Slot(handle.bucket.clone()).on_response(&response, None, now);
        let Limit::Stated(quota) = &handle.bucket.state().limit else { panic!("a limit") };
        assert_eq!(quota.remaining, counts);
    }
}
