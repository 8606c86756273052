import {
  to = druva_okta_integration.this
  id = "0oa72lrepvp4WqEET1d9"
}
