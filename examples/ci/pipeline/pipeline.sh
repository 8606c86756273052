#!/bin/sh
# shellcheck disable=SC2016 # the dollars in the programs for jq are jq's
#
# What the pipeline does with Terraform, for any CI system and for a shell:
#
#   pipeline.sh plan    before a merge: plans, and writes down what people and programs may see of it
#   pipeline.sh apply   after the merge: plans again, and applies that plan if it does what was reviewed, and nothing else
#   pipeline.sh drift   at night: looks whether anything differs, and writes down what
#
# Run it in the folder of the configuration. Everything goes to the folder PIPELINE_OUT (default: pipeline-out):
#
#   plan.json      addresses, actions, attributes, failing checks, warnings. No value that is sensitive.
#   plan.txt       plan: the plan as Terraform prints it, where sensitive values are masked
#   comment.md     plan: the comment for the pull request
#   summary.md     drift: what to write into an issue. Its first line is the title.
#   reviewed.json  apply reads it: the plan.json that was reviewed
#
# A saved plan holds secrets, and the code that it was made of. It stays in a folder that nobody else can read, and that is removed
# when the script ends, also by a signal. Nothing removes it after SIGKILL: the README says what to do then.
#
# A signal to this script alone waits until Terraform has ended: an apply that is left alone would leave its state unwritten.
#
# plan and apply end with 0 or 1. drift ends as `terraform plan -detailed-exitcode` does, except that a failing check counts, and that
# only resources of this provider (druva_*) are judged:
#   0  none differs and no check fails, or all that there is to do is a rotation for which the calendar's day has come
#   1  it could not look: an outage, wrong credentials, an error in the configuration
#   2  one differs, or a check fails
# A signal ends each with 128 and the number of the signal.
#
# TERRAFORM is the program to run: terraform (the default) or tofu. Needs jq.
set -eu
umask 077

here=$(cd "$(dirname "$0")" && pwd)
terraform=${TERRAFORM:-terraform}
out=${PIPELINE_OUT:-pipeline-out}
export TF_IN_AUTOMATION=1 TF_INPUT=0

main() {
  case ${1:-} in
    plan | apply | drift)
      require "$terraform" "https://developer.hashicorp.com/terraform/install or https://opentofu.org/docs/intro/install"
      require jq "apt-get install jq, apk add jq, brew install jq, or https://jqlang.org/download"
      mkdir -p "$out"
      clean_up_at_the_end
      # Holds secrets while this runs, and nothing afterwards.
      private=$(mktemp -d "${TMPDIR:-/tmp}/druva-okta-pipeline.XXXXXX")
      "$1"
      ;;
    *)
      echo "usage: pipeline.sh plan|apply|drift" >&2
      exit 64
      ;;
  esac
}

plan() {
  rm -f "$out/plan.json" "$out/plan.txt" "$out/comment.md"
  look
  case $looked in
    0 | 2)
      show >"$out/plan.txt"
      cat "$out/plan.txt"
      report "$out/plan.json" 'comment($text)' -r --rawfile text "$out/plan.txt" >"$out/comment.md"
      ;;
    *)
      report "$out/plan.json" failed_comment -r >"$out/comment.md"
      complain
      exit 1
      ;;
  esac
}

# What is applied is planned here, of the merged configuration. Nothing that another job made is run or applied: of the reviewed
# plan only its description is read, and the worst that a forged one can do is to agree.
apply() {
  rm -f "$out/plan.json"
  look
  case $looked in
    0) echo "Everything is as configured: there is nothing to apply." ;;
    2)
      show
      compare
      # Terraform refuses this plan if the state has changed in the meantime.
      "$terraform" apply -no-color -lock-timeout=5m "$private/plan.tfplan"
      ;;
    *)
      complain
      exit 1
      ;;
  esac
}

compare() {
  if [ ! -f "$out/reviewed.json" ]; then
    echo "There is something to apply, and no reviewed plan to compare it with: $out/reviewed.json is missing. It is the plan.json of" >&2
    echo "\"pipeline.sh plan\", once somebody has read it." >&2
    exit 1
  fi
  report "$out/plan.json" 'disagreement($reviewed[0])' -r --slurpfile reviewed "$out/reviewed.json" >"$private/disagreement"
  if [ -s "$private/disagreement" ]; then
    cat "$private/disagreement" >&2
    exit 1
  fi
}

# An ordinary plan, not -refresh-only: only it asks what an apply would do, and says so in its exit code. What somebody changed
# is in its JSON all the same. -refresh-only would miss what an earlier run wrote into the state, and report what needs no repair.
drift() {
  rm -f "$out/plan.json" "$out/summary.md"
  look
  report "$out/plan.json" summary -r >"$out/summary.md"
  cat "$out/summary.md"
  code=$(report "$out/plan.json" verdict)
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
  report "$private/plan.json" 'reduced($messages; $exit_code)' --slurpfile messages "$private/messages.jsonl" \
    --argjson exit_code "$looked" >"$out/plan.json"
}

# In CI the provider is the one whose checksum is in .terraform.lock.hcl, and no other.
initialize() {
  "$terraform" init -no-color ${CI:+-lockfile=readonly} >"$private/init.txt" 2>&1 || {
    cat "$private/init.txt" >&2
    if [ -n "${CI:-}" ] && [ ! -f .terraform.lock.hcl ]; then
      echo "Commit .terraform.lock.hcl, as the README says: \"terraform init\" makes it." >&2
    fi
    if grep -Eq "(query available|resolve) provider packages" "$private/init.txt"; then
      echo "No registry has the provider druva-community/druva. Run pipeline/provider.sh before this, as the README says." >&2
    fi
    return 1
  }
}

show() {
  "$terraform" show -no-color "$private/plan.tfplan"
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

require() {
  command -v "$1" >/dev/null 2>&1 || {
    echo "$1 is missing. Install it: $2" >&2
    exit 1
  }
}

# By way of a trap for each signal, because dash runs no EXIT trap when a signal ends it. What USR1 and USR2 are depends on the system.
clean_up_at_the_end() {
  private=
  trap clean_up EXIT
  # shellcheck disable=SC2064 # the number is that of now
  for number in 1 2 3 6 10 12 13 14 15 24 25 30 31; do
    case $(kill -l "$number") in
      HUP | INT | QUIT | ABRT | PIPE | ALRM | TERM | USR1 | USR2 | XCPU | XFSZ) trap "exit $((128 + number))" "$number" ;;
    esac
  done
}

# With the status that the script had. A second signal does not interrupt it.
clean_up() {
  status=$?
  trap '' HUP INT QUIT ABRT PIPE ALRM TERM USR1 USR2 XCPU XFSZ
  [ -z "$private" ] || rm -rf "$private"
  exit "$status"
}

main "$@"
