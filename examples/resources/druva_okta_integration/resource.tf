resource "druva_okta_integration" "this" {}
