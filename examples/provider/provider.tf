terraform {
  required_providers {
    druva = { source = "druva-community/druva" }
  }
}

provider "druva" {
  client_id     = var.druva_client_id     # DRUVA_CLIENT_ID
  client_secret = var.druva_client_secret # DRUVA_CLIENT_SECRET

  okta {
    org_url   = "https://example.okta.com" # OKTA_ORG_URL, or OKTA_ORG_NAME and OKTA_BASE_URL
    api_token = var.okta_api_token         # OKTA_API_TOKEN
  }
}

variable "druva_client_id" {
  type = string
}

variable "druva_client_secret" {
  type      = string
  sensitive = true
}

variable "okta_api_token" {
  type      = string
  sensitive = true
}
