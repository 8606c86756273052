//! Who calls, and what they may do.

use super::{OktaError, RoleType};
use crate::{call::Call, identity::Identity, world::World};
use std::time::Instant;

/// A caller whose token is good.
pub struct Caller {
    /// User id, or client id of an app.
    pub id: String,
    role: Option<RoleType>,
    /// None for the API token, which no scope limits.
    scopes: Option<Vec<String>>,
}

impl Caller {
    pub fn of(call: &Call, world: &World, identity: &Identity) -> Result<Self, OktaError> {
        if let Some(token) = call.authorization("SSWS") {
            if token != identity.okta_api_token {
                return Err(OktaError::invalid_token());
            }
            return Ok(Self { id: identity.admin_id.clone(), role: world.settings.okta_role, scopes: None });
        }
        let token = call
            .authorization("Bearer")
            .and_then(|token| world.okta.tokens.get(token))
            .filter(|token| Instant::now() < token.expires)
            .ok_or_else(OktaError::invalid_token)?;
        let role = match world.okta.service_apps.iter().find(|app| app.client_id == token.client_id) {
            Some(app) => app.role,
            // An integration has no role: a super admin approved its scopes, and they alone decide.
            None => Some(RoleType::SuperAdmin),
        };
        Ok(Self { id: token.client_id.clone(), role, scopes: Some(token.scopes.clone()) })
    }

    /// Any admin may read, with an API token or with this scope.
    pub fn may_read(&self, scope: &str) -> Result<(), OktaError> {
        self.needs(self.role.is_some() && self.has(scope))
    }

    /// Installing an integration and all that follows is for super admins.
    pub fn may_manage_integrations(&self) -> Result<(), OktaError> {
        self.needs(self.role == Some(RoleType::SuperAdmin) && self.has("okta.oauthIntegrations.manage"))
    }

    pub fn is_user(&self) -> bool {
        self.scopes.is_none()
    }

    fn has(&self, scope: &str) -> bool {
        self.scopes.as_ref().is_none_or(|scopes| scopes.iter().any(|granted| granted == scope))
    }

    fn needs(&self, allowed: bool) -> Result<(), OktaError> {
        if allowed { Ok(()) } else { Err(OktaError::forbidden()) }
    }
}
