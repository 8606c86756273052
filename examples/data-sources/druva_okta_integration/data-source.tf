# Druva's integration, whoever installed it.
data "druva_okta_integration" "this" {}

# The same, by the id that Okta's console shows.
data "druva_okta_integration" "by_id" {
  id = "0oa72lrepvp4WqEET1d9"
}

output "active_secrets" {
  description = "The secrets with which somebody can get in. Only ids and dates: Okta shows no secret again."
  value = {
    for secret in data.druva_okta_integration.this.secrets : secret.id => secret.created
    if secret.status == "ACTIVE"
  }
}
