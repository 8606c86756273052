# By the org's address, or by Druva's id of the link.
terraform import druva_okta_link.this example.okta.com
