output "integration_id" {
  description = "Okta's id of the integration."
  value       = druva_okta_integration.this.id
}

output "client_id" {
  description = "The OAuth client that Druva uses in the org."
  value       = druva_okta_integration.this.client_id
}

output "client_secret" {
  description = "Its secret, for a module that hands it on. Sensitive, and in the state."
  value       = druva_okta_integration.this.client_secret
  sensitive   = true
}

output "client_secret_id" {
  description = "Okta's id of the secret, which tells one secret from another without showing either."
  value       = druva_okta_integration.this.client_secret_id
}

output "granted_scopes" {
  description = "What Druva was granted."
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
  description = "Whether Druva gets into the org."
  value       = druva_okta_link.this.status
}
