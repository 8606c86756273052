# The org's address, or Druva's id of the link.
terraform import druva_okta_link.this example.okta.com
