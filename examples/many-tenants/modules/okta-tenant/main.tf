# Druva's backup of one tenant's Okta org. The provider creates the client secret, gives it to Druva and forgets it. So no state
# holds a client secret.

resource "druva_okta_integration" "this" {
  type                = var.integration_type
  granted_scopes      = var.granted_scopes
  adopt_existing      = var.adopt_existing
  store_client_secret = false
}

resource "druva_okta_link" "this" {
  okta_domain         = druva_okta_integration.this.org_url
  client_id           = druva_okta_integration.this.client_id
  mint_client_secret  = true
  rotate_when_changed = { rotation = var.rotation }

  # Scheduled backups do not start without it. It applies to the whole Druva account and cannot be switched off again,
  # as Druva documents for its other services.
  cloud_key_management_enabled = true
}
