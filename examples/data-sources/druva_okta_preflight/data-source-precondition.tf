# With expect_new = true, an integration or a link that exists already is a problem too: for a first apply only.
data "druva_okta_preflight" "before" {}

resource "druva_okta_integration" "this" {
  lifecycle {
    # The plan fails before anything is installed.
    precondition {
      condition     = data.druva_okta_preflight.before.ready
      error_message = join("\n", data.druva_okta_preflight.before.problems)
    }
  }
}
