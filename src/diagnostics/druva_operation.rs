//! What is asked of Druva: continues "Cannot" in a title, and decides which advice fits.

use std::fmt;

use super::Retirement;
use crate::domain::OktaDomain;
use crate::druva::okta_links::Link;

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
    /// Giving Druva another client or secret for this link.
    Authorize(LinkName<'a>),
    /// Reading a link until Druva is connected.
    WaitUntilConnected,
    /// Setting the switches of this link.
    SetSwitches(LinkName<'a>),
    /// Unlinking the org of this link.
    Unlink(LinkName<'a>),
    /// Starting a backup of the org at this host.
    StartBackup(&'a str),
    /// Reading a link to see whether Druva lives without a secret.
    WatchRetirement(Retirement<'a>),
}

/// A link, as a person knows it.
#[derive(Clone, Copy, Debug)]
pub struct LinkName<'a> {
    /// Druva's id of it.
    pub id: &'a str,
    /// The host of its org.
    pub host: &'a str,
}

impl<'a> From<&'a Link> for LinkName<'a> {
    fn from(link: &'a Link) -> Self {
        Self { id: &link.id, host: &link.okta_domain }
    }
}

impl<'a> DruvaOperation<'a> {
    /// One of each kind.
    pub(super) fn each(domain: &'a OktaDomain) -> [Self; 12] {
        let link = LinkName { id: "ID", host: domain.host() };
        [
            Self::GetToken,
            Self::ListLinks,
            Self::ReadLink("ID"),
            Self::FindLink(domain),
            Self::LookBeforeLinking(domain),
            Self::Link(domain),
            Self::Authorize(link),
            Self::WaitUntilConnected,
            Self::SetSwitches(link),
            Self::Unlink(link),
            Self::StartBackup("ID"),
            Self::WatchRetirement(Retirement::ToFreeASlot("ID")),
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
            Self::Authorize(LinkName { id, host }) => write!(f, "re-authorize the link {id} of {host}"),
            Self::WaitUntilConnected => f.write_str("wait until Druva is connected"),
            Self::SetSwitches(LinkName { id, host }) => {
                write!(f, "set backup_enabled and cloud_key_management_enabled of the link {id} of {host}")
            }
            Self::Unlink(LinkName { id, host }) => write!(f, "unlink {host} (link {id})"),
            Self::StartBackup(host) => write!(f, "back up {host}"),
            Self::WatchRetirement(retirement) => retirement.fmt(f),
        }
    }
}
