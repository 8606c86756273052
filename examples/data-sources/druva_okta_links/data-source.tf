data "druva_okta_links" "all" {}

output "unprotected" {
  description = "The orgs that Druva does not back up now."
  value       = [for link in data.druva_okta_links.all.links : link.okta_domain if !link.protected]
}
