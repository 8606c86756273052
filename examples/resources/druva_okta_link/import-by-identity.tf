import {
  to = druva_okta_link.this
  identity = {
    okta_domain = "https://example.okta.com"
  }
}
