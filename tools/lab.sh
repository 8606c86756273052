# shellcheck shell=bash
# What the demo and `make sandbox` share: finding Terraform, building, a mirror with the built provider, the sandbox.
# Sourced by bash with `set -euo pipefail`, from anywhere.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export TF_CLI_CONFIG_FILE=$top/target/lab/terraform.rc
terraform=${TF_CLI_PATH:-terraform}
# A proxy of the user's must not be asked for loopback.
export NO_PROXY="127.0.0.1,localhost${NO_PROXY:+,$NO_PROXY}"

# Says what is missing and what to type, instead of failing somewhere below.
require_programs() {
  if ! command -v cargo >/dev/null; then
    echo "Rust is missing. Install it from https://rustup.rs, for example: curl https://sh.rustup.rs -sSf | sh" >&2
    exit 1
  fi
  if ! command -v "$terraform" >/dev/null; then
    echo "Terraform is missing. Install it (https://developer.hashicorp.com/terraform/install) or type: export TF_CLI_PATH=/path/to/terraform" >&2
    exit 1
  fi
}

# What the example pipelines need, and the tests that run them.
require_pipeline_programs() {
  command -v jq >/dev/null && return
  if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
    apt-get install --yes --quiet jq
  else
    echo "jq is missing. Install it, for example: sudo apt-get install jq" >&2
    exit 1
  fi
}

# What counts the instructions of a program.
require_valgrind() {
  command -v valgrind >/dev/null && return
  if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
    apt-get install --yes --quiet valgrind
  else
    echo "Valgrind is missing. Install it, for example: sudo apt-get install valgrind" >&2
    exit 1
  fi
}

build() {
  (cd "$top" && cargo build --workspace --bins)
}

# A mirror is how Terraform finds a provider that is on no registry.
make_mirror() {
  local version os arch host package
  version=$("$top/target/debug/terraform-provider-druva" --version | sed 's/.* //')
  os=$(uname -s | tr '[:upper:]' '[:lower:]')
  case $(uname -m) in
    x86_64) arch=amd64 ;;
    aarch64 | arm64) arch=arm64 ;;
    *) arch=$(uname -m) ;;
  esac
  for host in registry.terraform.io registry.opentofu.org; do
    package=$top/target/lab/mirror/$host/druva-community/druva/$version/${os}_$arch
    mkdir -p "$package"
    ln -sf "$top/target/debug/terraform-provider-druva" "$package/terraform-provider-druva_v$version"
  done
  cat >"$TF_CLI_CONFIG_FILE" <<RC
provider_installation {
  filesystem_mirror {
    path = "$top/target/lab/mirror"
  }
  direct {
    exclude = ["registry.terraform.io/druva-community/*", "registry.opentofu.org/druva-community/*"]
  }
}
RC
}

# Starts the sandbox, and exports what its one line says under the provider's names.
start_sandbox() {
  local ready
  exec {sandbox_output}< <(exec "$top/target/debug/druva-okta-sandbox")
  sandbox_pid=$!
  read -r -t 20 ready <&"$sandbox_output" || { echo "The sandbox did not start." >&2; exit 1; }
  member() { sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/" <<<"$ready"; }
  OKTA_ORG_URL=$(member okta_url) OKTA_API_TOKEN=$(member okta_api_token)
  DRUVA_API_URL=$(member druva_url) DRUVA_CLIENT_ID=$(member druva_client_id)
  DRUVA_CLIENT_SECRET=$(member druva_client_secret)
  export OKTA_ORG_URL OKTA_API_TOKEN DRUVA_API_URL DRUVA_CLIENT_ID DRUVA_CLIENT_SECRET
}

# The quickstart without what an earlier sandbox or build left: a state of things that are gone, a lock on another binary.
fresh_quickstart() {
  local folder=$top/examples/quickstart
  if grep -qs '"okta_domain": "https://\|"org_url": "https://' "$folder/terraform.tfstate"; then
    echo "examples/quickstart holds the state of a real org. Destroy or move it first: $folder/terraform.tfstate" >&2
    exit 1
  fi
  rm -rf "$folder"/{.terraform,.terraform.lock.hcl,terraform.tfstate,terraform.tfstate.backup}
}

stop_sandbox() {
  if [[ -n ${sandbox_pid:-} ]]; then
    kill "$sandbox_pid" 2>/dev/null || true
  fi
}
