terraform {
  required_version = ">= 1.3"

  required_providers {
    druva = {
      source  = "druva-community/druva"
      version = ">= 0.1.0, < 1.0.0"
    }
  }
}
