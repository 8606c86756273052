//! What is asked of Druva: continues "Cannot" in a title, and decides which advice fits.

use std::fmt;

use super::Retirement;
use crate::domain::OktaDomain;

/// Something that Druva was asked to do.
#[derive(Clone, Copy, Debug)]
pub enum DruvaOperation<'a> {
    /// Getting an access token for somebody else.
    GetToken,
    /// Listing the linked orgs.
    ListLinks,
    /// Reading the link with this id.
    ReadLink(&'a str),
    /// Looking for the link of this org.
    FindLink(&'a OktaDomain),
    /// Looking for a link of this org before it is linked.
    LookBeforeLinking(&'a OktaDomain),
    /// Linking this org.
    Link(&'a OktaDomain),
    /// Giving Druva another client or secret for the link with this id.
    Authorize(&'a str),
    /// Reading a link until Druva is connected.
    WaitUntilConnected,
    /// Setting the switches of the link with this id.
    SetSwitches(&'a str),
    /// Unlinking the org of the link with this id.
    Unlink(&'a str),
    /// Starting a backup of the org at this host.
    StartBackup(&'a str),
    /// Reading a link to see whether Druva lives without a secret.
    WatchRetirement(Retirement<'a>),
}

impl<'a> DruvaOperation<'a> {
    /// One of each kind.
    pub(super) fn each(domain: &'a OktaDomain) -> [Self; 12] {
        [
            Self::GetToken,
            Self::ListLinks,
            Self::ReadLink("ID"),
            Self::FindLink(domain),
            Self::LookBeforeLinking(domain),
            Self::Link(domain),
            Self::Authorize("ID"),
            Self::WaitUntilConnected,
            Self::SetSwitches("ID"),
            Self::Unlink("ID"),
            Self::StartBackup("ID"),
            Self::WatchRetirement(Retirement::ToMakeRoom("ID")),
        ]
    }
}

impl DruvaOperation<'_> {
    /// How the troubleshooting guide calls it.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::GetToken => "getting an access token",
            Self::ListLinks => "listing links",
            Self::ReadLink(_) | Self::FindLink(_) | Self::LookBeforeLinking(_) => "looking for a link",
            Self::Link(_) => "linking",
            Self::Authorize(_) => "re-authorizing",
            Self::WaitUntilConnected => "waiting until Druva is connected",
            Self::SetSwitches(_) => "setting switches",
            Self::Unlink(_) => "unlinking",
            Self::StartBackup(_) => "starting a backup",
            Self::WatchRetirement(_) => "watching the link while a secret is retired",
        }
    }

    /// What a definite refusal leaves behind.
    pub(super) fn undone(&self) -> Option<&'static str> {
        matches!(self, Self::LookBeforeLinking(_)).then_some("No client secret was sent.")
    }

    /// It reads a link or all of them.
    pub(super) fn only_looks(&self) -> bool {
        self.lists() || matches!(self, Self::ReadLink(_) | Self::WaitUntilConnected | Self::WatchRetirement(_))
    }

    /// It needs no link that is there already.
    pub(super) fn lists(&self) -> bool {
        matches!(self, Self::ListLinks | Self::FindLink(_) | Self::LookBeforeLinking(_))
    }

    /// Druva tries a client and its secret for it.
    pub(super) fn tries_a_client(&self) -> bool {
        matches!(self, Self::Link(_) | Self::Authorize(_))
    }
}

impl fmt::Display for DruvaOperation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::GetToken => f.write_str("get an access token"),
            Self::ListLinks => f.write_str("list the linked Okta orgs"),
            Self::ReadLink(id) => write!(f, "read the link {id}"),
            Self::FindLink(domain) => write!(f, "read the link of {domain}"),
            Self::LookBeforeLinking(domain) | Self::Link(domain) => write!(f, "link the Okta org {domain}"),
            Self::Authorize(id) => write!(f, "re-authorize the link {id}"),
            Self::WaitUntilConnected => f.write_str("wait until Druva is connected"),
            Self::SetSwitches(id) => {
                write!(f, "set backup_enabled and cloud_key_management_enabled of the link {id}")
            }
            Self::Unlink(id) => write!(f, "unlink {id}"),
            Self::StartBackup(host) => write!(f, "back up {host}"),
            Self::WatchRetirement(retirement) => retirement.fmt(f),
        }
    }
}
