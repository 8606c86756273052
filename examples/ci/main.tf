# Druva's backup of one Okta org, managed by a pipeline.
#
# The credentials are in the environment: OKTA_ORG_URL, OKTA_API_CLIENT_ID, OKTA_API_PRIVATE_KEY, OKTA_API_PRIVATE_KEY_ID (or
# OKTA_API_TOKEN), DRUVA_CLIENT_ID, DRUVA_CLIENT_SECRET.

terraform {
  # check blocks need Terraform 1.5.
  required_version = ">= 1.5"

  required_providers {
    druva = {
      source  = "druva-community/druva"
      version = ">= 0.1.0, < 1.0.0"
    }
  }

  # Add your backend here: a pipeline's runner does not keep its disk. The state holds the client secret. So the backend must
  # encrypt the state, lock it, and let few people read it.
}

provider "druva" {}

module "okta_backup" {
  source = "./modules/okta-backup"

  # Scheduled backups do not start without it. It applies to the whole Druva account and cannot be switched off again,
  # as Druva documents for its other services.
  cloud_key_management_enabled = true

  # integration_type = "…"
  # granted_scopes = ["okta.users.manage", "okta.groups.manage"]
  # rotation       = "2026-11"
}

output "integration_id" {
  description = "Okta's id of the integration."
  value       = module.okta_backup.integration_id
}

output "client_secret_id" {
  description = "Okta's id of the client secret that Druva uses."
  value       = module.okta_backup.client_secret_id
}

output "link_id" {
  description = "Druva's id of the link."
  value       = module.okta_backup.link_id
}
