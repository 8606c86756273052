//! Lists come in pages: each answer's `Link` header leads to the next one.

use reqwest::header::{HeaderMap, LINK};
use url::Url;

use super::error::Error;

/// The URL behind `rel="next"`, which must lead to the server that was asked: the credential goes with it.
///
/// # Errors
/// [`Error::StrangePage`].
pub fn next_page(headers: &HeaderMap, asked: &Url) -> Result<Option<Url>, Error> {
    for value in headers.get_all(LINK) {
        let Ok(value) = value.to_str() else { continue };
        for link in split(value, ',') {
            let mut parts = split(link, ';').map(str::trim);
            let target = parts.next().and_then(|target| target.strip_prefix('<')?.strip_suffix('>'));
            let Some(target) = target.filter(|_| parts.any(is_rel_next)) else { continue };
            return match asked.join(target) {
                // A user name in it would be sent as a credential of its own.
                Ok(next)
                    if next.origin() == asked.origin()
                        && next != *asked
                        && next.username().is_empty()
                        && next.password().is_none() =>
                {
                    Ok(Some(next))
                }
                _ => Err(Error::StrangePage),
            };
        }
    }
    Ok(None)
}

/// The parts of a header between separators, which do not count within `<>` and quotes.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut in_brackets, mut in_quotes) = (false, false);
    text.split(move |character| {
        match character {
            '<' | '>' if !in_quotes => in_brackets = character == '<',
            '"' if !in_brackets => in_quotes = !in_quotes,
            _ => {}
        }
        character == separator && !in_brackets && !in_quotes
    })
}

/// Whether a parameter of a link is `rel` and says `next`, among others perhaps.
fn is_rel_next(parameter: &str) -> bool {
    let Some((name, relations)) = parameter.split_once('=') else { return false };
    let mut relations = relations.trim().trim_matches('"').split_ascii_whitespace();
    name.trim_end().eq_ignore_ascii_case("rel") && relations.any(|relation| relation.eq_ignore_ascii_case("next"))
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn next(links: &[&'static str]) -> Result<Option<Url>, Error> {
        let mut headers = HeaderMap::new();
        for link in links {
            headers.append(LINK, HeaderValue::from_static(link));
        }
        next_page(&headers, &Url::parse("https://example.okta.com/list").unwrap())
    }

    #[test]
    fn the_next_page_is_found_among_repeated_link_headers() {
        let url = next(&[
            r#"<https://example.okta.com/list>; rel="self""#,
            r#"<https://example.okta.com/list?after=x,%20y>; rel="next""#,
        ]);
        assert_eq!(url.unwrap().unwrap().as_str(), "https://example.okta.com/list?after=x,%20y");
        let joined = next(&[r#"<https://example.okta.com/list>; rel="self", </list?after=2>; rel="next""#]);
        assert_eq!(joined.unwrap().unwrap().as_str(), "https://example.okta.com/list?after=2");
        let tight = next(&[r#"</list>;title="a; rel=next, <b>";rel="self",</list?after=1,2>;rel="next last""#]);
        assert_eq!(tight.unwrap().unwrap().as_str(), "https://example.okta.com/list?after=1,2");
    }

    #[test]
    fn the_last_page_has_no_next() {
        assert!(next(&[r#"<https://example.okta.com/list>; rel="self""#]).unwrap().is_none());
        assert!(next(&["nonsense"]).unwrap().is_none());
    }

    #[test]
    fn a_page_elsewhere_or_in_a_circle_is_refused() {
        assert!(next(&[r#"<https://example.com/list?after=2>; rel="next""#]).is_err());
        assert!(next(&[r#"<http://example.okta.com/list?after=2>; rel="next""#]).is_err());
        assert!(next(&[r#"<https://example.okta.com/list>; rel="next""#]).is_err());
        assert!(next(&[r#"<https://user:x@example.okta.com/list?after=2>; rel="next""#]).is_err());
    }
}
