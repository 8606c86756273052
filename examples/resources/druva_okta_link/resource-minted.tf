resource "druva_okta_integration" "forgetful" {
  # Okta creates a first secret at the installation. This keeps it out of the state.
  store_client_secret = false
}

resource "druva_okta_link" "minted" {
  okta_domain        = druva_okta_integration.forgetful.org_url
  client_id          = druva_okta_integration.forgetful.client_id
  mint_client_secret = true

  # Any text. After a change, the next apply moves Druva to a new secret.
  rotate_when_changed = {
    rotation = "2026-11"
  }

  timeouts {
    create = "10m"
    update = "10m"
  }
}
