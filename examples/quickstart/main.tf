# The whole set-up of Druva's backup of one Okta org.
#
# Credentials come from the environment: OKTA_ORG_URL, OKTA_API_TOKEN, DRUVA_CLIENT_ID, DRUVA_CLIENT_SECRET.
# `make sandbox` prints some that work against the sandbox, and the key of its listing.

terraform {
  required_providers {
    druva = { source = "druva-community/druva" }
  }
}

provider "druva" {}

variable "integration_type" {
  description = "Okta's key of Druva's listing, which is published nowhere. Null: the provider's guess."
  type        = string
  default     = null
}

resource "druva_okta_integration" "this" {
  type = var.integration_type
}

resource "druva_okta_link" "this" {
  okta_domain   = druva_okta_integration.this.org_url
  client_id     = druva_okta_integration.this.client_id
  client_secret = druva_okta_integration.this.client_secret

  # Without it scheduled backups do not start. It is for the whole Druva account, and cannot be switched off again.
  cloud_key_management_enabled = true
}

output "integration_id" {
  description = "Okta's id of the integration, which is its client id too."
  value       = druva_okta_integration.this.id
}

output "client_secret_id" {
  description = "Okta's id of the client secret. The secret itself is in the state only."
  value       = druva_okta_integration.this.client_secret_id
}

output "link_id" {
  description = "Druva's id of the link."
  value       = druva_okta_link.this.id
}

output "status" {
  description = "Whether Druva gets into the org."
  value       = druva_okta_link.this.status
}
