data "druva_okta_preflight" "this" {}

# Every plan and apply warns of what is missing, and continues.
check "ready" {
  assert {
    condition     = data.druva_okta_preflight.this.ready
    error_message = join("\n", data.druva_okta_preflight.this.problems)
  }
}

output "preflight" {
  description = "The roles of the two credentials."
  value = {
    okta_role  = data.druva_okta_preflight.this.okta_role
    druva_role = data.druva_okta_preflight.this.druva_role
  }
}
