# The module with nothing set. The provider is mocked: no org, no account, no credentials.

mock_provider "druva" {
  mock_resource "druva_okta_integration" {
    defaults = {
      id               = "0oa72lrepvp4WqEET1d9"
      client_id        = "0oa72lrepvp4WqEET1d9"
      client_secret    = "mocked-secret"
      client_secret_id = "ocs2f4zrZbs8nUa7p0g4"
      org_url          = "https://example.okta.com"
    }
  }

  mock_resource "druva_okta_link" {
    defaults = {
      id     = "1001"
      status = "CONNECTED"
    }
  }
}

run "plans_the_defaults" {
  command = plan

  assert {
    condition     = druva_okta_integration.this.rotate_when_changed == null
    error_message = "Nothing is rotated unless somebody asks for it."
  }

  assert {
    condition     = !druva_okta_integration.this.adopt_existing
    error_message = "An integration that exists is not taken over unless somebody asks for it."
  }

  assert {
    condition     = druva_okta_link.this.backup_enabled
    error_message = "Backups are on."
  }
}

run "links_with_the_secret_of_the_integration" {
  assert {
    condition     = druva_okta_link.this.okta_domain == druva_okta_integration.this.org_url
    error_message = "The link is of another org than the integration."
  }

  assert {
    condition     = druva_okta_link.this.client_id == druva_okta_integration.this.client_id
    error_message = "The link uses another client than the integration's."
  }

  assert {
    condition     = druva_okta_link.this.client_secret == druva_okta_integration.this.client_secret
    error_message = "The link uses another secret than the integration's."
  }

  assert {
    condition     = output.status == "CONNECTED" && output.link_id == "1001" && output.okta_domain == "https://example.okta.com"
    error_message = "The outputs do not show the link."
  }

  assert {
    condition     = issensitive(output.client_secret) && !issensitive(output.client_secret_id)
    error_message = "The secret is sensitive, and its id is not."
  }
}
