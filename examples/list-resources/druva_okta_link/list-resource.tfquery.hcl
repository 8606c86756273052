list "druva_okta_link" "linked" {
  provider = druva
}
