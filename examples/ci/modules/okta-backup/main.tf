# Druva's backup of one Okta org: the integration in Okta, and the link in Druva that uses it.

resource "druva_okta_integration" "this" {
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

  lifecycle {
    # A validation of one variable cannot refer to another one before Terraform 1.9; a precondition can.
    precondition {
      condition     = var.cloud_key_management_enabled || !var.backup_enabled
      error_message = "Druva starts no scheduled backup without its Cloud Key Management System: switch it on, or backups off."
    }
  }
}
