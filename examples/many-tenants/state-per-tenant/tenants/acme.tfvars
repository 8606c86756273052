okta_org_url = "https://acme.okta.com"
