# Druva's backup of one Okta org: the integration in Okta, and the link in Druva that uses it.

resource "druva_okta_integration" "this" {
  type                = var.integration_type
  granted_scopes      = var.granted_scopes
  adopt_existing      = var.adopt_existing
  rotate_when_changed = var.rotation == null ? null : { rotation = var.rotation }
}

resource "druva_okta_link" "this" {
  okta_domain   = druva_okta_integration.this.org_url
  client_id     = druva_okta_integration.this.client_id
  client_secret = druva_okta_integration.this.client_secret

  backup_enabled               = var.backup_enabled
  cloud_key_management_enabled = var.cloud_key_management_enabled
}
