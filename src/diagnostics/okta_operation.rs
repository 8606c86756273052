//! What is asked of Okta: continues "Cannot" in a title, and decides which advice fits.

use std::fmt;

use super::Retirement;

/// Something that Okta was asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OktaOperation<'a> {
    /// Asking the org who it is, which needs no credential.
    ReadOrganization,
    /// Listing the installed integrations, for one of them or for all.
    ListIntegrations,
    /// Reading the integration with this id.
    ReadIntegration(&'a str),
    /// Installing an integration.
    Install {
        /// Its type.
        kind: &'a str,
        /// Whether the type is this provider's guess, because the configuration gives none.
        is_guess: bool,
    },
    /// Removing the integration with this id.
    Remove(&'a str),
    /// Listing the secrets of the integration with this id.
    ListSecrets(&'a str),
    /// Minting a secret.
    Mint,
    /// Deactivating, activating or deleting a secret.
    Retire(Retirement<'a>),
    /// Trying a secret at the token endpoint of its org.
    VerifySecret,
}

impl OktaOperation<'static> {
    /// One of each kind.
    pub(super) const EACH: &'static [Self] = &[
        Self::ReadOrganization,
        Self::ListIntegrations,
        Self::ReadIntegration("ID"),
        Self::Install { kind: "TYPE", is_guess: true },
        Self::Install { kind: "TYPE", is_guess: false },
        Self::Remove("ID"),
        Self::ListSecrets("ID"),
        Self::Mint,
        Self::Retire(Retirement::ToFreeASlot("ID")),
        Self::VerifySecret,
    ];
}

impl OktaOperation<'_> {
    /// How the troubleshooting guide calls it.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::ReadOrganization => "looking for the org",
            Self::ListIntegrations => "listing integrations",
            Self::ReadIntegration(_) => "reading an integration",
            Self::Install { is_guess: true, .. } => "installing with the default `type`",
            Self::Install { is_guess: false, .. } => "installing with a `type`",
            Self::Remove(_) => "removing an integration",
            Self::ListSecrets(_) => "listing secrets",
            Self::Mint => "minting a secret",
            Self::Retire(_) => "retiring a secret",
            Self::VerifySecret => "trying a secret",
        }
    }

    /// The argument that gives the address which was asked.
    pub(super) fn address(&self) -> &'static str {
        if *self == Self::VerifySecret { "okta_domain" } else { "okta.org_url" }
    }

    /// What a definite refusal leaves behind.
    pub(super) fn undone(&self) -> Option<&'static str> {
        matches!(self, Self::Install { .. }).then_some("Nothing was installed.")
    }

    /// It changes nothing, and is about integrations or their secrets.
    pub(super) fn only_looks(&self) -> bool {
        matches!(self, Self::ListIntegrations | Self::ReadIntegration(_) | Self::ListSecrets(_))
    }
}

impl fmt::Display for OktaOperation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReadOrganization => f.write_str("look for the Okta org"),
            Self::ListIntegrations => f.write_str("list the installed integrations"),
            Self::ReadIntegration(id) => write!(f, "read the integration {id}"),
            Self::Install { kind, .. } => write!(f, "install the integration {kind}"),
            Self::Remove(id) => write!(f, "remove the integration {id}"),
            Self::ListSecrets(id) => write!(f, "list the secrets of the integration {id}"),
            Self::Mint => f.write_str("mint a client secret"),
            Self::Retire(retirement) => retirement.fmt(f),
            Self::VerifySecret => f.write_str("try the client secret"),
        }
    }
}
