# The org's address, or Druva's id of the link.
import {
  to = druva_okta_link.this
  id = "example.okta.com"
}
