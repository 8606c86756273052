//! What Okta answered to what was asked for.

use serde::de::DeserializeOwned;

use super::error::Error;
use crate::http::{self, Response};

pub(super) fn decode<T: DeserializeOwned>(answer: &Response) -> Result<T, Error> {
    http::decode(answer).map_err(Error::Decode)
}
