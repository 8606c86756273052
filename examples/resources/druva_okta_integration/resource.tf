# The documented scopes, and nothing else to decide.
resource "druva_okta_integration" "this" {}

# With the scopes written down, so that a review sees every change of them.
resource "druva_okta_integration" "reviewed" {
  granted_scopes = [
    "okta.users.manage",
    "okta.groups.manage",
    "okta.apps.manage",
  ]

  timeouts = {
    create = "5m"
  }
}
