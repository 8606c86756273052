variable "org" {
  description = "Any spelling: with a scheme, a slash, capitals, or the host of the Admin Console."
  type        = string
  default     = "https://Example-admin.okta.com/"
}

output "host" {
  description = "Always example.okta.com."
  value       = provider::druva::okta_domain(var.org)
}
