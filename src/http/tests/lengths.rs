//! What each request says of the length of its body.

use std::cell::RefCell;

use reqwest::header::{CONTENT_LENGTH, HeaderMap};
use reqwest::{Body, Method, StatusCode};

use reqwest::Request;
use tokio_util::sync::CancellationToken;
use url::Url;
use zeroize::Zeroizing;

use crate::http::*;

/// The length that a request has in its headers when it is sent.
async fn sent(method: Method, body: Option<&'static str>) -> Option<String> {
    let (http, sent) = (Http::new(Settings::default(), CancellationToken::new()), RefCell::new(None));
    let build = || {
        let mut request = Request::new(method.clone(), Url::parse("https://example.com/lifecycle/activate").unwrap());
        *request.body_mut() = body.map(Body::from);
        Ok(request)
    };
    let exchange = |request: Request, _| {
        let length = request.headers().get(CONTENT_LENGTH).map(|length| length.to_str().unwrap().to_owned());
        *sent.borrow_mut() = Some(length);
        async { Ok(Response { status: StatusCode::OK, headers: HeaderMap::new(), body: Zeroizing::default() }) }
    };
    http.send_with(Repeat::Always, build, exchange).await.unwrap();
    sent.take().expect("nothing was sent")
}

#[tokio::test]
async fn what_could_have_a_body_and_has_none_says_so() {
    for method in [Method::POST, Method::PUT, Method::PATCH] {
        assert_eq!(sent(method.clone(), None).await.as_deref(), Some("0"), "{method}");
    }
}

/// The client adds the length of a body that is there, and a request that never has one needs none.
#[tokio::test]
async fn no_other_request_is_given_a_length() {
    assert_eq!(sent(Method::POST, Some("{}")).await, None);
    for method in [Method::GET, Method::DELETE] {
        assert_eq!(sent(method.clone(), None).await, None, "{method}");
    }
}
