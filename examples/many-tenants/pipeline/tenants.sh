#!/bin/sh
# Which tenants there are, which of them a change concerns, and the pipeline's jobs for one of them:
#
#   tenants.sh list [TENANT]         all tenants, or the one that is named, as JSON
#   tenants.sh changed BASE HEAD     those that differ between two commits: by their own file, or all by what they share
#   tenants.sh batches SIZE          all, in lists of at most SIZE
#   tenants.sh plan|apply|drift TENANT
#                                    pipeline.sh with the variables and the state of this tenant, and of no other
#
# Runs anywhere. pipeline.sh and what it needs are those of examples/ci, in the folder of this script.
#
# STATE is the argument of the backend that tells the tenants' states from each other, with %s for the name. It depends on the
# backend: key= for s3 and azurerm, prefix= for gcs, path= for local.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$here")
root=$top/state-per-tenant
state=${STATE:-key=druva-okta/%s/terraform.tfstate}
# What a matrix of GitHub Actions takes.
most=256

# The names go into paths, names of environments and labels.
is_name() {
  case $1 in
    "" | -* | *- | *[!a-z0-9-]*) return 1 ;;
  esac
  [ "${#1}" -le 32 ]
}

list() {
  for file in "$root"/tenants/*; do
    [ -e "$file" ] || continue
    name=$(basename "$file" .tfvars)
    if ! is_name "$name" || [ "$file" != "$root/tenants/$name.tfvars" ] || [ -h "$file" ] || [ ! -f "$file" ]; then
      echo "This is no file of a tenant: $file. It is called NAME.tfvars, and a name has lower case letters, digits and -." >&2
      return 1
    fi
    echo "$name"
  done >"$work/names"
  jq -Rnc '[inputs]' "$work/names"
}

named() {
  require_tenant "$1"
  jq -nc --arg name "$1" '[$name]'
}

changed() {
  all=$(list)
  git -C "$top" diff --relative --name-only --no-renames "$1" "$2" -- . >"$work/paths"
  concerned=$(jq -Rnc --argjson all "$all" '
    def tenant: capture("^state-per-tenant/tenants/(?<name>[a-z0-9-]+)[.]tfvars$").name;
    # What is not known to concern nobody concerns everybody.
    def concerns_nobody: test("[.]md$|^(aliases|for-each)/");
    [ inputs | select(concerns_nobody | not) ]
    | if any(.[]; [ tenant ] == []) then $all else [ .[] | tenant | select(IN($all[])) ] | unique end' "$work/paths")
  refuse_removal "$1"
  if [ "$(echo "$concerned" | jq length)" -gt "$most" ]; then
    echo "This change concerns $(echo "$concerned" | jq length) tenants, and one run takes $most. Split the change, or use a runner that" >&2
    echo "queues: see the guide \"Many tenants\"." >&2
    return 1
  fi
  echo "$concerned"
}

# Without its file nobody plans a tenant again, and its org stays linked.
refuse_removal() {
  while read -r path; do
    case $path in state-per-tenant/tenants/*) ;; *) continue ;; esac
    if [ ! -e "$top/$path" ] && ! git -C "$top" show "$1:./$path" | grep -Eq '^[[:space:]]*active[[:space:]]*=[[:space:]]*false[[:space:]]*(#.*)?$'; then
      echo "$path is removed, and its org may still be linked. Set active = false in it first, and apply that." >&2
      return 1
    fi
  done <"$work/paths"
}

batches() {
  all=$(list)
  jq -nc --argjson all "$all" --argjson size "$1" '[ range(0; $all | length; $size) as $at | $all[$at:$at + $size] ]'
}

require_tenant() {
  if ! is_name "$1" || [ ! -f "$root/tenants/$1.tfvars" ]; then
    echo "There is no tenant of this name." >&2
    exit 1
  fi
}

# The names of the variables and of the state come from one name, so that no file can mix them up. Each tenant has a data folder
# of its own: in a shared one, Terraform would offer to move the state of the tenant before to this one.
job() {
  require_tenant "$2"
  case ${PIPELINE_OUT:=pipeline-out} in
    /*) ;;
    *) PIPELINE_OUT=$PWD/$PIPELINE_OUT ;;
  esac
  # shellcheck disable=SC2059 # it is a format
  TF_CLI_ARGS_init=-backend-config=$(printf "$state" "$2")
  TF_CLI_ARGS_plan=-var-file=tenants/$2.tfvars
  TF_DATA_DIR=.terraform/tenants/$2
  export PIPELINE_OUT TF_CLI_ARGS_init TF_CLI_ARGS_plan TF_DATA_DIR
  cd "$root"
  "$here/pipeline.sh" "$1"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

case ${1:-}:$# in
  list:1) list ;;
  list:2) named "$2" ;;
  changed:3) changed "$2" "$3" ;;
  batches:2) batches "$2" ;;
  plan:2 | apply:2 | drift:2) job "$1" "$2" ;;
  *)
    echo "usage: tenants.sh list [TENANT] | changed BASE HEAD | batches SIZE | plan|apply|drift TENANT" >&2
    exit 64
    ;;
esac
