variable "integration_type" {
  description = "Okta's key for Druva's integration. It is published nowhere. Null: the provider's default, which is a guess."
  type        = string
  default     = null
}

variable "granted_scopes" {
  description = "The Okta scopes that Druva gets. Null: those that Druva documents. That public list may be incomplete."
  type        = set(string)
  default     = null
}

variable "adopt_existing" {
  description = "Whether to take over an integration that the org already has. False: refuse it."
  type        = bool
  default     = false
  nullable    = false
}

variable "rotation" {
  description = "Any text, for example \"2026-11\". A new text creates a new client secret and retires the old one."
  type        = string
  default     = "first"
  nullable    = false
}
