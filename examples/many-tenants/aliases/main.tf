# A few tenants in one configuration and one state. Each has an alias of the provider and a call of the module.

terraform {
  required_version = ">= 1.5"

  required_providers {
    druva = {
      source  = "druva-community/druva"
      version = ">= 0.1.0, < 1.0.0"
    }
  }

  # Add your backend here. Whoever reads this state reads about all tenants. Whoever runs this has the credentials of all tenants.
}

variable "credentials" {
  description = "The credentials of each tenant's provider, by the tenant's name. Give them from a vault, as TF_VAR_credentials."
  sensitive   = true
  type = map(object({
    okta_private_key    = string
    druva_client_id     = string
    druva_client_secret = string
  }))
}

provider "druva" {
  alias         = "acme"
  client_id     = var.credentials["acme"].druva_client_id
  client_secret = var.credentials["acme"].druva_client_secret

  okta {
    org_url        = "https://acme.okta.com"
    client_id      = "0oa1gjh63g214q0Hq0g4"
    private_key    = var.credentials["acme"].okta_private_key
    private_key_id = "acme-1"
  }
}

module "acme" {
  source    = "../modules/okta-tenant"
  providers = { druva = druva.acme }
}

provider "druva" {
  alias         = "globex"
  client_id     = var.credentials["globex"].druva_client_id
  client_secret = var.credentials["globex"].druva_client_secret

  okta {
    org_url        = "https://globex.okta.com"
    client_id      = "0oa2hki74h325r1Ir1h5"
    private_key    = var.credentials["globex"].okta_private_key
    private_key_id = "globex-1"
  }
}

module "globex" {
  source    = "../modules/okta-tenant"
  providers = { druva = druva.globex }
  rotation  = "2026-11"
}

output "status" {
  description = "Druva's status of the connection to each org."
  value       = { acme = module.acme.status, globex = module.globex.status }
}
