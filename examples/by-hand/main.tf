# The Okta half of the set-up. You do the other half in Druva's console, which asks for the outputs.
#
# The credentials are in the environment: OKTA_ORG_URL, and OKTA_API_TOKEN or those of a service app. Credentials for Druva
# are not needed. The guide "Linking by hand" says what to do with the outputs.

terraform {
  required_providers {
    druva = { source = "druva-community/druva" }
  }
}

provider "druva" {}

variable "type" {
  description = "Okta's key for Druva's integration. It is published nowhere. Null: the provider's default, which is a guess."
  type        = string
  default     = null
}

variable "rotation" {
  description = "Any text. A new text creates a second client secret. The first one stays active."
  type        = string
  default     = "first"
}

resource "druva_okta_integration" "this" {
  type = var.type

  rotate_when_changed = {
    rotation = var.rotation
  }

  lifecycle {
    # A replacement has another client, which only a person can give to Druva. So no plan may remove this one.
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
  description = "Okta's id of that secret. If a plan shows another id, give Druva the new secret."
  value       = druva_okta_integration.this.client_secret_id
}

output "client_secret_status" {
  description = "Okta's status of that secret."
  value       = druva_okta_integration.this.client_secret_status
}

output "granted_scopes" {
  description = "What Druva may read and change in the org."
  value       = druva_okta_integration.this.granted_scopes
}
