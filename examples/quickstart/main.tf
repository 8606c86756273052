# The whole set-up of Druva's backup of one Okta org.
#
# Credentials come from the environment: OKTA_ORG_URL, OKTA_API_TOKEN, DRUVA_CLIENT_ID, DRUVA_CLIENT_SECRET.
# `make sandbox` prints some that work against the sandbox.

terraform {
  required_providers {
    druva = { source = "druva-community/druva" }
  }
}

provider "druva" {}

resource "druva_okta_integration" "this" {}

resource "druva_okta_link" "this" {
  okta_domain   = druva_okta_integration.this.org_url
  client_id     = druva_okta_integration.this.client_id
  client_secret = druva_okta_integration.this.client_secret
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
