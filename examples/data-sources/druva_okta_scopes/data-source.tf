data "druva_okta_scopes" "this" {
  access = "manage"
  groups = ["users", "groups"]
}

output "why" {
  description = "What each scope is for, as a security reviewer asks."
  value       = { for scope in data.druva_okta_scopes.this.scopes : scope.name => scope.reason }
}

output "note" {
  description = "How far the list can be trusted."
  value       = data.druva_okta_scopes.this.note
}
