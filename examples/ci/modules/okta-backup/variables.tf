variable "integration_type" {
  description = "Okta's key for Druva's integration. It is published nowhere. Null: the provider's default, which is a guess."
  type        = string
  default     = null
}

variable "granted_scopes" {
  description = "The Okta scopes that Druva gets. Null: those that Druva documents. That public list may be incomplete."
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
  description = "Whether to take over an integration that the org already has. False: refuse it."
  type        = bool
  default     = false
  nullable    = false
}

variable "rotation" {
  description = "Any text, for example \"2026-11\". A new text creates a new client secret, moves Druva to it, and retires the old one."
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
  description = "Whether Druva's Cloud Key Management System is on. It applies to the whole account and cannot be undone, as Druva documents for its other services. Without it, scheduled backups do not start, unless the account has keys of its own. Null: leave it as it is."
  type        = bool
  default     = null
}
