terraform {
  # The module needs Terraform 1.3. Its tests mock the provider, which needs Terraform 1.7.
  required_version = ">= 1.3"

  required_providers {
    druva = {
      source  = "druva-community/druva"
      version = ">= 0.1.0, < 1.0.0"
    }
  }
}
