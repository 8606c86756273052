//! A link whose status tells whether a secret is in use.

use crate::druva;
use crate::druva::okta_links::AppStatus;

/// A link whose status tells whether a secret was in use: without it Druva loses its connection.
#[derive(Clone, Copy)]
pub struct ConnectionProbe<'a> {
    /// The client of Druva.
    pub druva: &'a druva::Client,
    /// The link's id.
    pub link_id: &'a str,
}

impl ConnectionProbe<'_> {
    /// Whether Druva is connected now.
    ///
    /// # Errors
    /// See [`druva::Error`].
    pub async fn is_connected(&self) -> Result<bool, druva::Error> {
        Ok(self.druva.get_link(self.link_id).await?.app_status == AppStatus::Connected)
    }

    /// [`Self::is_connected`], also when Terraform says stop: backups depend on it.
    ///
    /// # Errors
    /// See [`druva::Error`].
    pub async fn is_connected_for_cleanup(&self) -> Result<bool, druva::Error> {
        ConnectionProbe { druva: &self.druva.for_cleanup(), link_id: self.link_id }.is_connected().await
    }
}
