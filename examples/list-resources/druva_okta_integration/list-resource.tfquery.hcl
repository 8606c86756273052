list "druva_okta_integration" "installed" {
  provider = druva
}
