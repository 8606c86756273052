data "druva_okta_scopes" "this" {
  access = "manage"
  groups = ["users", "groups"]
}

output "why" {
  description = "What each scope is for, for a security review."
  value       = { for scope in data.druva_okta_scopes.this.scopes : scope.name => scope.reason }
}

output "note" {
  description = "How complete the list is."
  value       = data.druva_okta_scopes.this.note
}
