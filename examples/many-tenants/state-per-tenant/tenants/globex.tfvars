okta_org_url   = "https://globex.okta.com"
granted_scopes = ["okta.users.manage", "okta.groups.manage"]
rotation       = "2026-11"
