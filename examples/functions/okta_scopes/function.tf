# All documented scopes for two groups, except one.
resource "druva_okta_integration" "this" {
  granted_scopes = setsubtract(
    provider::druva::okta_scopes("users", "groups"),
    ["okta.factors.manage"],
  )
}

output "documented" {
  description = "Without an argument: all scopes that Druva documents."
  value       = provider::druva::okta_scopes()
}
