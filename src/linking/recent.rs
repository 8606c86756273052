//! Objects that were created a moment ago: servers do not show them everywhere at once, so not finding one proves nothing.

use std::time::{Duration, SystemTime};

use terraform_plugin::{Report, Reported};
use tf_provider::{AttributePath, Diagnostics};

use super::problems::of_secrets as problems;
use crate::http::{self, Http};
use crate::instant_text::{nanos, nanos_of, unix_nanos};

/// For how long after its creation an object may be missing from a server's answers. `[assumed]`, on the safe side: Okta's
/// own tests wait two seconds.
const RECENT: Duration = Duration::from_secs(5 * 60);

/// How long is waited before each further look: ten seconds in all.
const PAUSES: [Duration; 6] = [
    Duration::from_millis(250),
    Duration::from_millis(750),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(3),
    Duration::from_secs(3),
];

/// Whether what was created at `created` (ISO 8601) is younger than five minutes at `now`, the server's time.
///
/// A time that cannot be read is old, and so is one that lies far ahead: both are data, and prove nothing.
pub fn is_recent(created: &str, now: SystemTime) -> bool {
    let Some(created) = unix_nanos(created) else { return false };
    // Machines of one service differ a little, so a moment ahead is recent too.
    (nanos_of(now) - created).abs() < nanos(RECENT)
}

/// Looks until something `is_there`, for about ten seconds or until the deadline. Gives the last answer.
///
/// # Errors
/// Those of `look`, and [`http::Error::Stopped`].
pub async fn look_again<T, E, Look>(
    http: &Http,
    mut look: impl FnMut() -> Look,
    is_there: impl Fn(&Result<T, E>) -> bool,
) -> Result<T, E>
where
    E: From<http::Error>,
    Look: Future<Output = Result<T, E>>,
{
    let mut answer = look().await;
    for pause in PAUSES {
        if is_there(&answer) {
            break;
        }
        match http.pause(pause).await {
            Ok(()) => answer = look().await,
            Err(http::Error::DeadlinePassed) => break,
            Err(error) => return Err(error.into()),
        }
    }
    answer
}

/// An error: `object`, such as "integration 0oa1", was created less than five minutes ago, and `server` does not find it.
pub fn report_missing(diags: &mut Diagnostics, object: &str, created: &str, server: &str) -> Reported {
    diags.fail(
        problems::not_found_yet(),
        format!(
            "The {object} was created at {created}, less than five minutes ago, and {server} does not find it. A new object \
             may not be visible everywhere yet. It stays in the state. Run the command again in some minutes. If somebody \
             removed it, the plan then creates it anew."
        ),
        AttributePath::root(),
    )
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn at(text: &str) -> SystemTime {
        time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).unwrap().into()
    }

    #[test]
    fn what_is_younger_than_five_minutes_is_recent() {
        let created = "2023-02-21T20:08:24.000Z";
        for (now, is) in [
            ("2023-02-21T20:08:24.000Z", true),
            ("2023-02-21T20:13:23.999Z", true),
            ("2023-02-21T20:13:24.000Z", false),
            ("2023-02-21T20:08:20.000Z", true),
            ("2023-02-21T20:03:24.000Z", false),
            ("2024-02-21T20:08:24.000Z", false),
        ] {
            assert_eq!(is_recent(created, at(now)), is, "{now}");
        }
    }

    #[test]
    fn times_are_data() {
        let now = at("2023-02-21T20:08:24.000Z");
        for created in ["", "yesterday", "9999-12-31T23:59:59.999Z", "0000-01-01T00:00:00Z", "2023-02-21"] {
            assert!(!is_recent(created, now), "{created:?}");
        }
        assert!(!is_recent("2023-02-21T20:08:24.000Z", SystemTime::UNIX_EPOCH - Duration::from_secs(1 << 33)));
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_looked_for_until_it_is_there_and_for_ten_seconds() {
        let http = Http::new(http::Settings::default(), tokio_util::sync::CancellationToken::new());
        for (there_at, looks) in [(1, 1), (3, 3), (100, 7)] {
            let (looked, began) = (Cell::new(0), tokio::time::Instant::now());
            let look = || {
                looked.set(looked.get() + 1);
                let number = looked.get();
                async move { Ok::<_, http::Error>(number) }
            };
            let last = look_again(&http, look, |answer| answer.as_ref().is_ok_and(|number| *number >= there_at)).await;
            assert_eq!((last.unwrap(), looked.get()), (looks, looks));
            assert!(began.elapsed() <= Duration::from_secs(10), "{:?}", began.elapsed());
        }
    }
}
