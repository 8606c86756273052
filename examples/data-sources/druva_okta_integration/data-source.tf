# Druva's integration, no matter who installed it.
data "druva_okta_integration" "this" {}

# The same integration by its id, which Okta's console shows.
data "druva_okta_integration" "by_id" {
  id = "0oa72lrepvp4WqEET1d9"
}

output "active_secrets" {
  description = "The active secrets, as ids and dates. Okta never shows the secret itself again."
  value = {
    for secret in data.druva_okta_integration.this.secrets : secret.id => secret.created
    if secret.status == "ACTIVE"
  }
}
