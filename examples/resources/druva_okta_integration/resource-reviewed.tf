resource "druva_okta_integration" "reviewed" {
  granted_scopes = [
    "okta.users.manage",
    "okta.groups.manage",
    "okta.apps.manage",
  ]

  # Any text. A new text creates a new secret.
  rotate_when_changed = {
    rotation = "2026-11"
  }

  timeouts {
    create = "5m"
  }

  lifecycle {
    # Without the integration, Druva has no access to the org.
    prevent_destroy = true
  }
}
