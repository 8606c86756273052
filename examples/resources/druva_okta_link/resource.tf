resource "druva_okta_integration" "this" {}

resource "druva_okta_link" "this" {
  okta_domain   = druva_okta_integration.this.org_url
  client_id     = druva_okta_integration.this.client_id
  client_secret = druva_okta_integration.this.client_secret

  # Scheduled backups do not start without it. It applies to the whole Druva account and cannot be switched off again,
  # as Druva documents for its other services.
  cloud_key_management_enabled = true
}
