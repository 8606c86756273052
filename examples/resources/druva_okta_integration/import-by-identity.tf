import {
  to = druva_okta_integration.this
  identity = {
    org_url = "https://example.okta.com"
    id      = "0oa72lrepvp4WqEET1d9"
  }
}
