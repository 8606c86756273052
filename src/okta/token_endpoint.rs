//! Where an org gives out access tokens: `/oauth2/v1/token` of its own authorization server. `[spec]`

use url::Url;

use crate::domain::OktaDomain;

pub(super) fn of(domain: &OktaDomain) -> Url {
    domain.join("/oauth2/v1/token")
}
