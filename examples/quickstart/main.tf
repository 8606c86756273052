# The complete set-up of Druva's backup of one Okta org.
#
# The credentials are in the environment: OKTA_ORG_URL, OKTA_API_TOKEN, DRUVA_CLIENT_ID, DRUVA_CLIENT_SECRET.
# `make sandbox` writes a file with credentials for the sandbox, and the integration_type of its catalog.

terraform {
  required_providers {
    druva = { source = "druva-community/druva" }
  }
}

provider "druva" {}

variable "integration_type" {
  description = "Okta's key for Druva's integration. It is published nowhere. Null: the provider's default, which is a guess."
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

  # Scheduled backups do not start without it. It applies to the whole Druva account and cannot be switched off again,
  # as Druva documents for its other services.
  cloud_key_management_enabled = true
}

output "integration_id" {
  description = "Okta's id of the integration. It is also the client id."
  value       = druva_okta_integration.this.id
}

output "client_secret_id" {
  description = "Okta's id of the client secret. The secret itself is only in the state."
  value       = druva_okta_integration.this.client_secret_id
}

output "link_id" {
  description = "Druva's id of the link."
  value       = druva_okta_link.this.id
}

output "status" {
  description = "Druva's status of the connection to the org, such as CONNECTED."
  value       = druva_okta_link.this.status
}
