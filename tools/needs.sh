# shellcheck shell=bash
# Says what is missing and what to type, before anything is built, instead of failing somewhere below; gets what tools/get can.
# Sourced by bash, from anywhere.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

need_rust() {
  if ! command -v cargo >/dev/null; then
    echo "Rust is missing. Install it from https://rustup.rs, for example: curl https://sh.rustup.rs -sSf | sh" >&2
    exit 1
  fi
}

# Sets `terraform`, which may be OpenTofu: what TF_CLI_PATH says, Terraform on PATH, or a copy of our own.
need_terraform() {
  terraform=${TF_CLI_PATH:-}
  if [[ -z $terraform ]]; then
    terraform=$("$top/tools/get" terraform)
  elif ! command -v "$terraform" >/dev/null; then
    echo "TF_CLI_PATH names $terraform, which is no program. Type: unset TF_CLI_PATH" >&2
    exit 1
  fi
}

# Puts jq on PATH, if it is not there: the example pipelines look for it there.
need_jq() {
  local jq
  jq=$("$top/tools/get" jq)
  command -v jq >/dev/null || PATH=$PATH:$(dirname "$jq")
}

# A package of the system's: need_package PROGRAM PACKAGE WHAT-FOR. Root gets it by apt-get, where there is that.
need_package() {
  command -v "$1" >/dev/null && return
  if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
    echo "Installing $2, $3." >&2
    if { apt-get install --yes --quiet "$2" || { apt-get update --quiet && apt-get install --yes --quiet "$2"; }; } >&2; then return; fi
  fi
  echo "$1 is missing, $3. Type: sudo apt-get install $2" >&2
  exit 1
}
need_valgrind() { need_package valgrind valgrind "which counts the instructions of a program"; }
need_cxx() { need_package c++ g++ "which libFuzzer is built with"; }
