# Without expect_new = true, which would stop every plan after the first apply: then both exist.
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
