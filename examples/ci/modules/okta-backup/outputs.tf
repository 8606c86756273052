output "integration_id" {
  description = "Okta's id of the integration."
  value       = druva_okta_integration.this.id
}

output "client_id" {
  description = "The OAuth client that Druva uses in the org."
  value       = druva_okta_integration.this.client_id
}

output "client_secret" {
  description = "The client's secret, for a module that needs it. It is sensitive, and in the state."
  value       = druva_okta_integration.this.client_secret
  sensitive   = true
}

output "client_secret_id" {
  description = "Okta's id of the secret. It shows which secret is used, without showing the secret."
  value       = druva_okta_integration.this.client_secret_id
}

output "granted_scopes" {
  description = "The scopes that Druva has."
  value       = druva_okta_integration.this.granted_scopes
}

output "okta_domain" {
  description = "Address of the org that is backed up."
  value       = druva_okta_link.this.okta_domain
}

output "link_id" {
  description = "Druva's id of the link."
  value       = druva_okta_link.this.id
}

output "status" {
  description = "Druva's status of the connection to the org, such as CONNECTED."
  value       = druva_okta_link.this.status
}
