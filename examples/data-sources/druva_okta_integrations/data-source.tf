# All API service integrations of the org; `type` filters.
data "druva_okta_integrations" "all" {}

output "who_can_manage_users" {
  description = "Other products that may change users, too."
  value = [
    for integration in data.druva_okta_integrations.all.integrations : integration.name
    if contains(integration.granted_scopes, "okta.users.manage")
  ]
}
