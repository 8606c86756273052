# What Okta and Druva answer in the tests of this module.

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
