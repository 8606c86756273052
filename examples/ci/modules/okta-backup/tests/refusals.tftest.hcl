# What the module refuses, before anybody is asked for anything.

mock_provider "druva" {}

run "refuses_what_is_no_scope" {
  command = plan

  variables {
    granted_scopes = ["okta.users.manage", "users:write"]
  }

  expect_failures = [var.granted_scopes]
}

run "refuses_no_scopes_at_all" {
  command = plan

  variables {
    granted_scopes = []
  }

  expect_failures = [var.granted_scopes]
}

run "refuses_an_empty_rotation" {
  command = plan

  variables {
    rotation = "  "
  }

  expect_failures = [var.rotation]
}
