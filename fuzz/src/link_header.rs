//! The headers that lead from page to page.

use reqwest::header::{HeaderMap, HeaderValue, LINK};
use terraform_provider_druva::okta::{Error, next_page};
use url::Url;

/// The page that was asked for.
pub const ASKED: &str = "https://example.okta.com/integrations/api/v1/api-services?after=a";

/// Looks for the next page in `data`, each line of which is a header.
pub fn link_header(data: &[u8]) -> Option<Url> {
    let mut headers = HeaderMap::new();
    for line in data.split(|byte| *byte == b'\n') {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(LINK, value);
        }
    }
    let asked = Url::parse(ASKED).expect("a URL");
    match next_page(&headers, &asked) {
        Ok(Some(next)) => {
            // The credential goes there.
            assert_eq!(next.origin(), asked.origin());
            assert!(next.username().is_empty() && next.password().is_none(), "{next}");
            assert_ne!(next, asked);
            Some(next)
        }
        Ok(None) => None,
        Err(error) => {
            assert!(matches!(error, Error::StrangePage));
            None
        }
    }
}
