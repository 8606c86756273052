# All documented scopes for two groups, and one more.
resource "druva_okta_integration" "this" {
  granted_scopes = setunion(
    provider::druva::okta_scopes("users", "groups"),
    ["okta.policies.read"],
  )
}

output "documented" {
  description = "Without an argument: everything that Druva documents."
  value       = provider::druva::okta_scopes()
}
