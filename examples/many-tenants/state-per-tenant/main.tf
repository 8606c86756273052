# One tenant. pipeline/tenants.sh runs this with the variables of one tenant, tenants/NAME.tfvars, and with that tenant's state.
#
# The credentials are in the environment, as in examples/ci. A job has only those of its tenant.

terraform {
  # Terraform 1.10 can lock the state in "s3" without a DynamoDB table.
  required_version = ">= 1.10"

  required_providers {
    druva = {
      source  = "druva-community/druva"
      version = ">= 0.1.0, < 1.0.0"
    }
  }

  # The key is missing on purpose: pipeline/tenants.sh makes it from the tenant's name.
  backend "s3" {
    bucket       = "example-terraform-state"
    region       = "eu-central-1"
    encrypt      = true
    use_lockfile = true
  }
}

variable "okta_org_url" {
  description = "Address of the tenant's Okta org."
  type        = string
}

variable "granted_scopes" {
  description = "The Okta scopes that Druva is granted. Null: those that Druva documents."
  type        = set(string)
  default     = null
}

variable "rotation" {
  description = "Any text. A new text replaces the client secret."
  type        = string
  default     = "first"
  nullable    = false
}

variable "active" {
  description = "False unlinks the tenant's org. Apply that, then you may remove its file."
  type        = bool
  default     = true
  nullable    = false
}

provider "druva" {
  okta { org_url = var.okta_org_url }
}

module "okta_tenant" {
  source = "../modules/okta-tenant"
  count  = var.active ? 1 : 0

  granted_scopes = var.granted_scopes
  rotation       = var.rotation
}

# The link is read by its id. If many tenants share an account, the list of all links is long. A link that the plan creates has no
# id yet, so it is read after the apply has created it.
data "druva_okta_link" "this" {
  count = var.active ? 1 : 0
  id    = module.okta_tenant[0].link_id
}

check "okta_is_backed_up" {
  assert {
    condition     = alltrue(data.druva_okta_link.this[*].protected)
    error_message = "Druva does not back up the org: it is not connected, backups are off, or Cloud Key Management is off."
  }

  # A newly linked org has the same time for its first backup.
  assert {
    condition = alltrue([
      for link in data.druva_okta_link.this :
      timecmp(timeadd(try(link.last_backup.finished_on, link.added_on), "24h"), plantimestamp()) > 0
    ])
    error_message = "No backup has finished for more than a day."
  }
}

output "link_id" {
  description = "Druva's id of the link."
  value       = one(module.okta_tenant[*].link_id)
}
