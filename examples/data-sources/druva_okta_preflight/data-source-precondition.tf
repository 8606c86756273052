# Do not set expect_new = true here. After the first apply both objects exist, and every plan would stop.
data "druva_okta_preflight" "before" {}

resource "druva_okta_integration" "this" {
  lifecycle {
    # If this fails, the plan fails and nothing is installed.
    precondition {
      condition     = data.druva_okta_preflight.before.ready
      error_message = join("\n", data.druva_okta_preflight.before.problems)
    }
  }
}
