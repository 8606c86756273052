//! Who calls, and what they may do.

use super::{AccessToken, OktaError, RoleType, dpop::Proof};
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
    pub fn of(call: &Call, world: &mut World, identity: &Identity) -> Result<Self, OktaError> {
        if let Some(token) = call.authorization("SSWS") {
            if token != identity.okta_api_token {
                return Err(OktaError::invalid_token());
            }
            return Ok(Self { id: identity.admin_id.clone(), role: world.settings.okta_role, scopes: None });
        }
        let token = call
            .authorization("Bearer")
            .or_else(|| call.authorization("DPoP"))
            .and_then(|token| world.okta.tokens.get(token))
            .filter(|token| Instant::now() < token.expires)
            .ok_or_else(OktaError::invalid_token)?
            .clone();
        prove(call, world, identity, &token)?;
        let role = match world.okta.service_apps.iter().find(|app| app.client_id == token.client_id) {
            Some(app) => app.role,
            // An integration has no role: a super admin approved its scopes, and they alone decide.
            None => Some(RoleType::SuperAdmin),
        };
        Ok(Self { id: token.client_id, role, scopes: Some(token.scopes) })
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

/// A token that is bound to a key needs a proof for this very request; one that is not needs none.
fn prove(call: &Call, world: &mut World, identity: &Identity, token: &AccessToken) -> Result<(), OktaError> {
    let path = call.uri.path();
    let bound = call.authorization("DPoP");
    match (&token.jkt, bound) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(OktaError::invalid_proof(path, "The access token is not bound to a key.")),
        (Some(_), None) => Err(OktaError::unproved(path)),
        (Some(jkt), Some(text)) => {
            let urls = [&call.base_url(), &identity.okta_url].map(|base| format!("{base}{path}"));
            let proof = Proof::of(call).map_err(|why| OktaError::invalid_proof(path, &why))?;
            let key = proof.accept(&mut world.okta.dpop, call.method.as_str(), &urls, Some(text));
            if key.map_err(|why| OktaError::invalid_proof(path, &why))? != *jkt {
                return Err(OktaError::invalid_proof(path, "The DPoP proof JWT is not signed with the bound key."));
            }
            let lifetime = world.settings.okta_dpop_nonce_lifetime_seconds;
            if world.settings.okta_dpop_api_nonce && !world.okta.dpop.knows(proof.nonce()) {
                return Err(OktaError::needs_nonce(path, world.okta.dpop.nonce(lifetime)));
            }
            Ok(())
        }
    }
}
