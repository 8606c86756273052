variable "integration_type" {
  description = "Okta's key of Druva's listing, which is published nowhere. Null: the provider's guess."
  type        = string
  default     = null
}

variable "granted_scopes" {
  description = "The Okta scopes that Druva is granted. Null: those that Druva documents, whose public list may be incomplete."
  type        = set(string)
  default     = null

  validation {
    condition = var.granted_scopes == null ? true : alltrue([
      for scope in var.granted_scopes : can(regex("^(okta|ssf)\\.([A-Za-z0-9]+\\.)*(manage|read)$", scope))
    ])
    error_message = "A scope is written as in \"okta.users.manage\" or \"okta.users.read\"."
  }

  validation {
    condition     = var.granted_scopes == null ? true : length(var.granted_scopes) > 0
    error_message = "Without scopes Druva can do nothing. Leave the variable out to grant the scopes that Druva documents."
  }
}

variable "adopt_existing" {
  description = "Whether an integration that the org has already is taken over instead of refused."
  type        = bool
  default     = false
  nullable    = false
}

variable "rotation" {
  description = "Any text. Another one mints another client secret, moves Druva to it, and retires the one before: \"2026-11\", for instance."
  type        = string
  default     = null

  validation {
    condition     = var.rotation == null ? true : length(trimspace(var.rotation)) > 0
    error_message = "The rotation is empty. Give it a text, as in \"2026-11\", or leave it out."
  }
}

variable "backup_enabled" {
  description = "Whether Druva's scheduled backups of the org are on."
  type        = bool
  default     = true
  nullable    = false
}

variable "cloud_key_management_enabled" {
  description = "Whether Druva's Cloud Key Management System is on for the whole account, which cannot be undone. Without it, scheduled backups do not start, unless the account has keys of its own. Null: as it is."
  type        = bool
  default     = null
}
