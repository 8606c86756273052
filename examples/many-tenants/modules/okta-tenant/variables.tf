variable "integration_type" {
  description = "Okta's key of Druva's listing, which is published nowhere. Null: the provider's guess."
  type        = string
  default     = null
}

variable "granted_scopes" {
  description = "The Okta scopes that Druva is granted. Null: those that Druva documents, whose public list may be incomplete."
  type        = set(string)
  default     = null
}

variable "adopt_existing" {
  description = "Whether an integration that the org has already is taken over instead of refused."
  type        = bool
  default     = false
  nullable    = false
}

variable "rotation" {
  description = "Any text. Another one mints another client secret and retires the one before: \"2026-11\", for instance."
  type        = string
  default     = "first"
  nullable    = false
}
