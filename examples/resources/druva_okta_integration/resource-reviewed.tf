resource "druva_okta_integration" "reviewed" {
  granted_scopes = [
    "okta.users.manage",
    "okta.groups.manage",
    "okta.apps.manage",
  ]

  # Any text: another one mints another secret.
  rotate_when_changed = {
    rotation = "2026-11"
  }

  timeouts {
    create = "5m"
  }

  lifecycle {
    # Without the integration, Druva is locked out of the org.
    prevent_destroy = true
  }
}
