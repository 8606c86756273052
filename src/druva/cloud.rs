//! The clouds that Druva has.

/// A Druva cloud: accounts live in exactly one of them. `[docs]`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cloud {
    /// The public cloud.
    Public,
    /// inSync GovCloud for endpoints.
    EndpointsGovcloud,
    /// GovCloud for enterprise workloads.
    EnterpriseGovcloud,
}

impl Cloud {
    /// All clouds.
    pub const ALL: [Self; 3] = [Self::Public, Self::EndpointsGovcloud, Self::EnterpriseGovcloud];

    /// The value of the argument `cloud`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::EndpointsGovcloud => "endpoints_govcloud",
            Self::EnterpriseGovcloud => "enterprise_govcloud",
        }
    }

    /// The base URL of its API.
    pub fn api_url(self) -> &'static str {
        match self {
            Self::Public => "https://apis.druva.com",
            Self::EndpointsGovcloud => "https://govcloudapis.druva.com",
            Self::EnterpriseGovcloud => "https://govapis.druva.com",
        }
    }
}
