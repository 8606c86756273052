//! What a caller of the Druva cloud may do.

use super::DruvaError;
use crate::{call::Call, settings::DruvaRole, world::World};
use std::time::Instant;

/// A good token is enough to read.
pub fn may_read(call: &Call, world: &World) -> Result<(), DruvaError> {
    let token = call.authorization("Bearer").ok_or_else(DruvaError::no_token)?;
    if world.settings.druva_other_cloud {
        return Err(DruvaError::other_cloud());
    }
    let good = world.druva.tokens.get(token).is_some_and(|expires| Instant::now() < *expires);
    if good { Ok(()) } else { Err(DruvaError::bad_token(world.settings.expired_token_status)) }
}

/// A Product Admin watches; a Druva Cloud Admin changes things.
pub fn may_write(call: &Call, world: &World) -> Result<(), DruvaError> {
    may_read(call, world)?;
    match world.settings.druva_role {
        DruvaRole::DruvaCloudAdmin => Ok(()),
        DruvaRole::ProductAdmin => Err(DruvaError::forbidden()),
    }
}
