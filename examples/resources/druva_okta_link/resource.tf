resource "druva_okta_integration" "this" {}

resource "druva_okta_link" "this" {
  okta_domain   = druva_okta_integration.this.org_url
  client_id     = druva_okta_integration.this.client_id
  client_secret = druva_okta_integration.this.client_secret

  # Without it scheduled backups do not start. It is for the whole Druva account, and cannot be switched off again.
  cloud_key_management_enabled = true
}
