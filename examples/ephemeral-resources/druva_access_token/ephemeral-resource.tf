ephemeral "druva_access_token" "this" {}

# Your own script. It gets the token only in its environment.
resource "terraform_data" "report" {
  provisioner "local-exec" {
    command = "sh report.sh"

    environment = {
      DRUVA_ACCESS_TOKEN = ephemeral.druva_access_token.this.access_token
      DRUVA_API_URL      = ephemeral.druva_access_token.this.api_url
    }
  }
}
