# shellcheck shell=bash
# What the demo and `make sandbox` share: finding Terraform, building, a mirror with the built provider, the sandbox.
# Sourced by bash with `set -euo pipefail`, from anywhere.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
programs=$top/target/debug lab=$top/target/lab
export TF_CLI_CONFIG_FILE=$lab/terraform.rc
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
  version=$("$programs/terraform-provider-druva" --version | sed 's/.* //')
  os=$(uname -s | tr '[:upper:]' '[:lower:]')
  case $(uname -m) in
    x86_64) arch=amd64 ;;
    aarch64 | arm64) arch=arm64 ;;
    *) arch=$(uname -m) ;;
  esac
  for host in registry.terraform.io registry.opentofu.org; do
    package=$lab/mirror/$host/druva-community/druva/$version/${os}_$arch
    mkdir -p "$package"
    ln -sf "$programs/terraform-provider-druva" "$package/terraform-provider-druva_v$version"
  done
  cat >"$TF_CLI_CONFIG_FILE" <<RC
provider_installation {
  filesystem_mirror {
    path = "$lab/mirror"
  }
  direct {
    exclude = ["registry.terraform.io/druva-community/*", "registry.opentofu.org/druva-community/*"]
  }
}
RC
}

# Starts the sandbox with these arguments, and exports what its one line says under the provider's names.
start_sandbox() {
  local ready
  exec {sandbox_output}< <(exec "$programs/druva-okta-sandbox" "$@")
  sandbox_pid=$!
  read -r -t 20 ready <&"$sandbox_output" || { echo "The sandbox did not start." >&2; exit 1; }
  member() { sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/" <<<"$ready"; }
  OKTA_ORG_URL=$(member okta_url) OKTA_API_TOKEN=$(member okta_api_token)
  DRUVA_API_URL=$(member druva_url) DRUVA_CLIENT_ID=$(member druva_client_id)
  DRUVA_CLIENT_SECRET=$(member druva_client_secret)
  export OKTA_ORG_URL OKTA_API_TOKEN DRUVA_API_URL DRUVA_CLIENT_ID DRUVA_CLIENT_SECRET
}

# Calls the sandbox's control interface: control POST drift '{"action": …}'. Without curl, which a fresh machine may lack.
control() {
  local address=${OKTA_ORG_URL#http://} body=${3:-} answer
  exec 9<>"/dev/tcp/${address%:*}/${address#*:}"
  printf '%s /_sandbox/%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' \
    "$1" "$2" "$address" "${#body}" "$body" >&9
  answer=$(cat <&9)
  exec 9<&-
  [[ $answer == "HTTP/1.1 2"* ]] || { echo "The sandbox refused: $answer" >&2; exit 1; }
  printf '%s' "$answer"
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

# Puts a table into the guide that has a place for the table of this script: fill_table tools/bench TABLE GUIDE
fill_table() {
  awk -v script="$1" -v table="$2" '
    /<!-- end of the table -->/ { inside = 0 }
    !inside { print }
    $0 == "<!-- table, by " script " -->" { inside = found = 1; print ""; while ((getline line < table) > 0) print line; print "" }
    END { exit !found }
  ' "$3" >"$2.guide" || { echo "$3 has no place for the table of $1." >&2; return 1; }
  cat "$2.guide" >"$3"
  rm "$2.guide"
}

stop_sandbox() {
  if [[ -n ${sandbox_pid:-} ]]; then
    kill "$sandbox_pid" 2>/dev/null || true
  fi
}
