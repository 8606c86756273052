# All API service integrations of the org. Set `type` to filter them.
data "druva_okta_integrations" "all" {}

output "who_can_manage_users" {
  description = "All integrations that may change users."
  value = [
    for integration in data.druva_okta_integrations.all.integrations : integration.name
    if contains(integration.granted_scopes, "okta.users.manage")
  ]
}
