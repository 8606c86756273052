# The Okta half of the set-up. Druva's console does the other half: the outputs are what it asks for.
#
# Credentials come from the environment: OKTA_ORG_URL, and OKTA_API_TOKEN or those of a service app. None of Druva's are
# needed. The guide "Linking by hand" says what to do with the outputs.

terraform {
  required_providers {
    druva = { source = "druva-community/druva" }
  }
}

provider "druva" {}

variable "type" {
  description = "The key of Druva's integration in Okta's catalog. Null for the provider's default, which is a guess."
  type        = string
  default     = null
}

variable "rotation" {
  description = "Any text. Another one mints a second client secret; the first one stays active."
  type        = string
  default     = "first"
}

resource "druva_okta_integration" "this" {
  type = var.type

  rotate_when_changed = {
    rotation = var.rotation
  }

  lifecycle {
    # Only a person can give Druva the client of another integration: no plan may remove this one in passing.
    prevent_destroy = true
  }
}

output "integration_id" {
  description = "Okta's id of the integration."
  value       = druva_okta_integration.this.id
}

output "okta_domain" {
  description = "The Okta domain URL that Druva's console asks for."
  value       = druva_okta_integration.this.org_url
}

output "client_id" {
  description = "The client ID that Druva's console asks for."
  value       = druva_okta_integration.this.client_id
}

output "client_secret" {
  description = "The client secret that Druva's console asks for: terraform output -raw client_secret."
  value       = druva_okta_integration.this.client_secret
  sensitive   = true
}

output "client_secret_id" {
  description = "Okta's id of that secret. When a plan shows another one, Druva has to be given the new secret."
  value       = druva_okta_integration.this.client_secret_id
}

output "client_secret_status" {
  description = "What Okta says about that secret."
  value       = druva_okta_integration.this.client_secret_status
}

output "granted_scopes" {
  description = "What Druva may read and change in the org."
  value       = druva_okta_integration.this.granted_scopes
}
