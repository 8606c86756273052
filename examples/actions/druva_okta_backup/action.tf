resource "druva_okta_integration" "this" {}

resource "druva_okta_link" "this" {
  okta_domain   = druva_okta_integration.this.org_url
  client_id     = druva_okta_integration.this.client_id
  client_secret = druva_okta_integration.this.client_secret

  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.druva_okta_backup.now]
    }
  }
}

action "druva_okta_backup" "now" {
  config {
    link_id = druva_okta_link.this.id
    wait    = true
  }
}
