# What the inputs do.

mock_provider "druva" {
  mock_resource "druva_okta_integration" {
    defaults = { org_url = "https://example.okta.com" }
  }
}

run "grants_the_scopes_that_were_reviewed" {
  command = plan

  variables {
    granted_scopes = ["okta.users.manage", "okta.groups.read"]
  }

  assert {
    condition     = druva_okta_integration.this.granted_scopes == toset(["okta.groups.read", "okta.users.manage"])
    error_message = "The integration is granted other scopes than those that were given."
  }
}

run "first_rotation" {
  variables {
    rotation = "2026-11"
  }

  assert {
    condition     = druva_okta_integration.this.rotate_when_changed == tomap({ rotation = "2026-11" })
    error_message = "The rotation does not reach the integration."
  }
}

run "next_rotation" {
  variables {
    rotation = "2026-12"
  }

  assert {
    condition     = druva_okta_integration.this.rotate_when_changed == tomap({ rotation = "2026-12" })
    error_message = "The next rotation does not reach the integration."
  }
}

run "switches_backups_off" {
  command = plan

  variables {
    backup_enabled               = false
    cloud_key_management_enabled = false
    adopt_existing               = true
  }

  assert {
    condition     = !druva_okta_link.this.backup_enabled && !druva_okta_link.this.cloud_key_management_enabled
    error_message = "The switches do not reach the link."
  }

  assert {
    condition     = druva_okta_integration.this.adopt_existing
    error_message = "adopt_existing does not reach the integration."
  }
}
