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
