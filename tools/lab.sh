# shellcheck shell=bash
# What the tools share that start Terraform, the provider or the sandbox: what these get of the shell's environment, building,
# a mirror with the built provider, the sandbox. Sourced by bash with `set -euo pipefail`, from anywhere.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
lab=$top/target/lab
# shellcheck source=tools/needs.sh
source "$top/tools/needs.sh"

# What Terraform, the provider and the sandbox get of the shell's environment, and nothing else: no account (OKTA_*, DRUVA_*), no
# settings of Terraform's own (TF_*), no proxy. Builds and downloads get all of it.
passed_through=(PATH HOME USER LOGNAME SHELL TERM TMPDIR TZ LANG LANGUAGE LC_ALL LC_CTYPE LC_MESSAGES SSL_CERT_FILE SSL_CERT_DIR)
# What they get besides: NAME=VALUE.
lab_environment=("CHECKPOINT_DISABLE=1" "TF_IN_AUTOMATION=1" "TF_INPUT=0" "NO_PROXY=127.0.0.1,localhost")

# Gives this shell the environment of a lab. By `export`, because the arguments of `env` would show secrets to other processes.
enter_lab() {
  local name
  for name in $(compgen -e); do
    [[ " ${passed_through[*]} " == *" $name "* ]] || unset "$name"
  done
  export "${lab_environment[@]}"
}

# Runs a command with the environment of a lab.
own_environment() (
  enter_lab
  exec "$@"
)

# What a shell calls the program that `need_terraform` found: terraform or tofu.
command_name() {
  case $(own_environment "$terraform" version) in OpenTofu*) echo tofu ;; *) echo terraform ;; esac
}

# Runs a `cargo build`, and prints the path of one of the programs that it made. Where that is, Cargo alone knows:
# CARGO_TARGET_DIR and Cargo's configuration can move it.
built() {
  local program=$1
  shift
  "$@" --message-format=json-render-diagnostics | sed -n 's/.*"executable":"\([^"]*\/'"$program"'\)".*/\1/p' | tail -n 1
}

# Builds all programs, and remembers in which folder they are.
build() {
  programs=$(cd "$top" && built terraform-provider-druva cargo build --workspace --bins --locked)
  [[ -n $programs ]] || { echo "Cargo did not say where it built the provider." >&2; exit 1; }
  programs=$(dirname "$programs")
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
  cat >"$lab/terraform.rc" <<RC
provider_installation {
  filesystem_mirror {
    path = "$lab/mirror"
  }
  direct {
    exclude = ["registry.terraform.io/druva-community/*", "registry.opentofu.org/druva-community/*"]
  }
}
RC
  lab_environment+=("TF_CLI_CONFIG_FILE=$lab/terraform.rc")
}

# Starts the sandbox with these arguments, or fails without a word. Its one line is `ready`. By way of a file: the bash of macOS does
# not say which process a `<(…)` is.
launch_sandbox() {
  local line=$lab/sandbox.line tries
  mkdir -p "$lab"
  rm -f "$line"
  (umask 077 && : >"$line")
  (enter_lab && exec "$programs/druva-okta-sandbox" "$@") >"$line" &
  sandbox_pid=$!
  for ((tries = 200; tries > 0; tries--)); do
    ready=$(<"$line")
    if [[ $ready == *"}" ]] || ! kill -0 "$sandbox_pid" 2>/dev/null; then break; fi
    sleep 0.1
  done
  rm -f "$line"
  [[ $ready == *"}" ]]
}

# What the sandbox's one line says of this: member okta_url
member() { sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/" <<<"$ready"; }

# Gives the lab what that line says, under the provider's names.
use_sandbox() {
  sandbox_url=$(member okta_url)
  sandbox_variables=(
    "OKTA_ORG_URL=$sandbox_url" "OKTA_API_TOKEN=$(member okta_api_token)"
    "DRUVA_API_URL=$(member druva_url)" "DRUVA_CLIENT_ID=$(member druva_client_id)"
    "DRUVA_CLIENT_SECRET=$(member druva_client_secret)"
    # Of examples/quickstart: nobody can guess the key of a listing.
    "TF_VAR_integration_type=$(member okta_druva_type)"
  )
  lab_environment+=("${sandbox_variables[@]}")
}

start_sandbox() {
  launch_sandbox "$@" || { echo "The sandbox did not start." >&2; exit 1; }
  use_sandbox
}

# Works in this folder in the place of target/lab, if one is given.
lab_in() {
  [[ -n ${1:-} ]] || return 0
  mkdir -p "$1"
  lab=$(cd "$1" && pwd)
}

# Whether a sandbox is there: answers URL
answers() (
  local address=${1#http://} line=''
  exec 9<>"/dev/tcp/${address%:*}/${address#*:}"
  printf 'GET /_sandbox/settings HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$address" >&9
  read -r -t 5 line <&9
  [[ $line == "HTTP/1.1 200"* ]]
) 2>/dev/null

# Calls the sandbox's control interface: control POST drift '{"action": …}'. Without curl, which a fresh machine may lack.
control() {
  local address=${sandbox_url#http://} body=${3:-} answer
  exec 9<>"/dev/tcp/${address%:*}/${address#*:}"
  printf '%s /_sandbox/%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' \
    "$1" "$2" "$address" "${#body}" "$body" >&9
  answer=$(cat <&9)
  exec 9<&-
  [[ $answer == "HTTP/1.1 2"* ]] || { echo "The sandbox refused: $answer" >&2; exit 1; }
  printf '%s' "$answer"
}

# What comes behind the head of such an answer.
body() { tr -d '\r' | sed '1,/^$/d'; }

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
