#!/bin/sh
# shellcheck disable=SC2016 # the dollars in the programs for jq are jq's
#
# What the pipeline does with Terraform, for any CI system and for a shell:
#
#   pipeline.sh plan    before a merge: saves a plan, and what people and programs may see of it
#   pipeline.sh apply   after the merge: applies exactly the saved plan
#   pipeline.sh drift   at night: looks whether anything differs, and writes down what
#   pipeline.sh name    prints the name of the saved plan of this configuration, for stores of artifacts
#
# Run it in the folder of the configuration. Everything goes to the folder PIPELINE_OUT (default: pipeline-out):
#
#   plan.tar.gpg   the saved plan, which holds secrets in the clear: encrypted with PLAN_PASSPHRASE.
#                  Without PLAN_PASSPHRASE it is plan.tar, outside of CI only.
#   plan.json      plan and drift: addresses, actions, attributes, failing checks, warnings. No value that is sensitive.
#   plan.txt       plan: the plan as Terraform prints it, where sensitive values are masked
#   comment.md     plan: the comment for the pull request
#   summary.md     drift: what to write into an issue. Its first line is the title.
#
# plan and apply end with 0 or 1. drift ends as `terraform plan -detailed-exitcode` does, except that a failing check counts:
#   0  nothing differs and no check fails
#   1  it could not look: an outage, wrong credentials, an error in the configuration
#   2  something differs, or a check fails
#
# TERRAFORM is the program to run (default: terraform). Needs jq, and gpg for PLAN_PASSPHRASE.
set -eu
umask 077

here=$(cd "$(dirname "$0")" && pwd)
terraform=${TERRAFORM:-terraform}
out=${PIPELINE_OUT:-pipeline-out}
export TF_IN_AUTOMATION=1 TF_INPUT=0

main() {
  case ${1:-} in
    plan | apply | drift)
      require "$terraform" "https://developer.hashicorp.com/terraform/install"
      require jq "apt-get install jq, apk add jq, brew install jq, or https://jqlang.org/download"
      mkdir -p "$out"
      # Holds secrets while this runs, and nothing afterwards.
      private=$(mktemp -d)
      trap clean_up EXIT
      trap 'exit 130' INT
      trap 'exit 143' TERM
      "$1"
      ;;
    name) echo "plan-$(configuration)" ;;
    *)
      echo "usage: pipeline.sh plan|apply|drift|name" >&2
      exit 64
      ;;
  esac
}

plan() {
  rm -f "$out/plan.tar" "$out/plan.tar.gpg" "$out/plan.json" "$out/plan.txt" "$out/comment.md"
  require_encryption
  look
  case $looked in
    0 | 2)
      "$terraform" show -no-color "$private/plan.tfplan" >"$out/plan.txt"
      cat "$out/plan.txt"
      report "$out/plan.json" 'comment($text)' -r --rawfile text "$out/plan.txt" >"$out/comment.md"
      keep_plan
      ;;
    *)
      report "$out/plan.json" failed_comment -r >"$out/comment.md"
      complain
      exit 1
      ;;
  esac
}

apply() {
  fetch_plan
  planned=$(cat "$private/configuration")
  if [ "$planned" != "$(configuration)" ]; then
    echo "The saved plan is of another configuration ($planned) than the one here ($(configuration)): plan again." >&2
    exit 1
  fi
  initialize || exit 1
  # Terraform refuses a plan that was made for an older state.
  "$terraform" apply -no-color -lock-timeout=5m "$private/plan.tfplan"
}

# An ordinary plan, not -refresh-only: only it asks what an apply would do, and says so in its exit code. What somebody changed
# is in its JSON all the same. -refresh-only would miss what an earlier run wrote into the state, and report what needs no repair.
drift() {
  rm -f "$out/plan.json" "$out/summary.md"
  look
  report "$out/plan.json" summary -r >"$out/summary.md"
  cat "$out/summary.md"
  # Terraform warns of a failing check, and ends as if there were none.
  code=$(report "$out/plan.json" 'if .exit_code == 0 and (failing | length) > 0 then 2 else .exit_code end')
  exit "$code"
}

# Plans into $private, and writes plan.json. Sets looked to 0 (no changes), 2 (changes) or 1 (failed).
look() {
  looked=0
  : >"$private/messages.jsonl"
  if initialize; then
    "$terraform" plan -json -lock-timeout=5m -detailed-exitcode -out="$private/plan.tfplan" >"$private/messages.jsonl" || looked=$?
  else
    looked=1
  fi
  case $looked in
    0 | 2) "$terraform" show -json "$private/plan.tfplan" >"$private/plan.json" ;;
    *)
      looked=1
      echo '{}' >"$private/plan.json"
      ;;
  esac
  report "$private/plan.json" 'reduced($messages; $configuration; $exit_code)' --slurpfile messages "$private/messages.jsonl" \
    --arg configuration "$(configuration)" --argjson exit_code "$looked" >"$out/plan.json"
}

initialize() {
  "$terraform" init -no-color >"$private/init.txt" 2>&1 || {
    cat "$private/init.txt" >&2
    return 1
  }
}

# The errors of a run that failed, for the job's log.
complain() {
  report "$out/plan.json" '.errors[] | "Error: \(.summary)\n\n\(.detail)\n"' -r >&2
}

# report FILE PROGRAM ARGUMENTS: jq with the functions of report.jq.
report() {
  file=$1 program=$2
  shift 2
  jq -L "$here" "$@" "include \"report\"; $program" "$file"
}

# What identifies the configuration: the tree of this folder in git. A merge that took nothing else in keeps it.
configuration() {
  git rev-parse --verify --quiet "HEAD:./" 2>/dev/null || echo "not-in-git"
}

require_encryption() {
  if [ -n "${PLAN_PASSPHRASE:-}" ]; then
    require gpg "apt-get install gnupg, apk add gnupg, or brew install gnupg"
  elif [ -n "${CI:-}" ]; then
    echo "PLAN_PASSPHRASE is not set. A saved plan holds secrets in the clear, and artifacts can be read by many: set it to a" >&2
    echo "long random text that is a secret of the pipeline." >&2
    exit 1
  fi
}

keep_plan() {
  configuration >"$private/configuration"
  tar -cf "$private/plan.tar" -C "$private" plan.tfplan configuration
  if [ -n "${PLAN_PASSPHRASE:-}" ]; then
    # gpg notices a file that somebody exchanged or changed, too: only who knows the passphrase makes one that opens.
    gpg_with_passphrase --symmetric --cipher-algo AES256 --output "$out/plan.tar.gpg" "$private/plan.tar"
  else
    cp "$private/plan.tar" "$out/plan.tar"
  fi
}

fetch_plan() {
  require_encryption
  if [ -n "${PLAN_PASSPHRASE:-}" ]; then
    [ -f "$out/plan.tar.gpg" ] || no_plan "$out/plan.tar.gpg"
    gpg_with_passphrase --decrypt --output "$private/plan.tar" "$out/plan.tar.gpg"
  else
    [ -f "$out/plan.tar" ] || no_plan "$out/plan.tar"
    cp "$out/plan.tar" "$private/plan.tar"
  fi
  tar -xf "$private/plan.tar" -C "$private" plan.tfplan configuration
}

no_plan() {
  echo "There is no saved plan: $1 is missing. Type: pipeline.sh plan" >&2
  exit 1
}

# The passphrase goes through a pipe, because arguments can be seen by others.
gpg_with_passphrase() {
  mkdir -p "$private/gnupg"
  printf '%s' "$PLAN_PASSPHRASE" |
    gpg --homedir "$private/gnupg" --batch --quiet --yes --no-symkey-cache --pinentry-mode loopback --passphrase-fd 0 "$@"
}

require() {
  command -v "$1" >/dev/null 2>&1 || {
    echo "$1 is missing. Install it: $2" >&2
    exit 1
  }
}

# With the status that the script had.
clean_up() {
  status=$?
  if [ -d "$private/gnupg" ]; then
    gpgconf --homedir "$private/gnupg" --kill gpg-agent 2>/dev/null || true
  fi
  rm -rf "$private"
  exit "$status"
}

main "$@"
