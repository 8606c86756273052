#!/bin/sh
# Which tenants there are, which of them a change concerns, and the pipeline's jobs for one of them:
#
#   tenants.sh list [TENANT]         all tenants, or the one that is named, as JSON
#   tenants.sh changed BASE HEAD     those that differ between two commits: by their own file, or all by what they share. All, too,
#                                    where there is no commit BASE: before the first push, and after a forced one
#   tenants.sh batches SIZE          all, in lists of at most SIZE
#   tenants.sh plan|apply|drift TENANT
#                                    pipeline.sh with the variables and the state of this tenant, and of no other
#
# Runs anywhere. pipeline.sh and what it needs are those of examples/ci, in the folder of this script.
#
# STATE is the argument of the backend that tells the tenants' states from each other, with one %s for the name. It depends on
# the backend: key= for s3 and azurerm, prefix= for gcs, path= for local.
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

# A file of a tenant is so simple that a line says the same here as to Terraform: blank, a comment, or NAME = "text", true, false,
# null, a number or a list of texts. What could give a line another meaning (comment blocks, heredocs, escapes) is refused.
# Prints the file, NAME and the value, apart by tabs; of a list, nothing.
# shellcheck disable=SC2016 # it is awk
grammar='
  BEGIN {
    blank = "[ \t]*"; comment = blank "(#[^\r]*)?$"; text = "\"[^\"\\\\$%]*\""
    items = blank "(" text blank "(," blank text blank ")*,?" blank ")?"
  }
  function refuse(file, line) {
    print file ": line " line " is not NAME = \"text\", true, false, null, a number or a list of texts, each NAME once, with # " \
      "for comments. A file of a tenant has nothing else." >"/dev/stderr"
    failed = 1
    exit 1
  }
  FNR == 1 && open { refuse(before, open) }
  { before = FILENAME; sub(/\r$/, "") }
  $0 ~ "^" comment { next }
  open && $0 ~ "^" items comment { next }
  open && $0 ~ "^" items "\\]" comment { open = 0; next }
  !open && match($0, "^" blank "[A-Za-z_][A-Za-z0-9_-]*" blank "=" blank) {
    name = substr($0, 1, RLENGTH)
    value = substr($0, RLENGTH + 1)
    gsub(/[ \t=]/, "", name)
    if (seen[FILENAME, name]++) refuse(FILENAME, FNR)
    if (value ~ "^\\[" items "\\]" comment) next
    if (value ~ "^\\[" items comment) { open = FNR; next }
    if (match(value, "^(" text "|true|false|null|[0-9]+)")) {
      rest = substr(value, RLENGTH + 1)
      value = substr(value, 1, RLENGTH)
      if (rest ~ "^" comment) { print FILENAME "\t" name "\t" value; next }
    }
  }
  { refuse(FILENAME, FNR) }
  END { if (!failed && open) refuse(before, open) }'

# Two spellings of one address are one org: to the provider, too.
two_of_one_org='
  $2 == "okta_org_url" {
    org = tolower($3)
    gsub(/[" ]/, "", org)
    sub(/^https?:\/\//, "", org)
    sub(/[.\/]+$/, "", org)
    sub(/:443$/, "", org)
    sub(/(-admin)+[.]okta/, ".okta", org)
    if (org in file) {
      print file[org] " and " $1 " have the same okta_org_url. Each tenant has an org of its own." >"/dev/stderr"
      exit 1
    }
    file[org] = $1
  }'

list() {
  for file in "$root"/tenants/* "$root"/tenants/.*tfvars; do
    [ -e "$file" ] || [ -h "$file" ] || continue
    name=${file##*/}
    name=${name%.tfvars}
    if ! is_name "$name" || [ "$file" != "$root/tenants/$name.tfvars" ] || [ -h "$file" ] || [ ! -f "$file" ]; then
      echo "This is no file of a tenant: $file. It is called NAME.tfvars, and a name has lower case letters, digits and -." >&2
      return 1
    fi
    echo "$name"
  done >"$work/names"
  (cd "$root" && sed 's|.*|tenants/&.tfvars|' "$work/names" | xargs awk "$grammar" >"$work/variables") || return 1
  awk -F '\t' "$two_of_one_org" "$work/variables" || return 1
  jq -Rnc '[inputs]' "$work/names"
}

named() {
  require_tenant "$1"
  jq -nc --arg name "$1" '[$name]'
}

is_commit() {
  git -C "$top" rev-parse --verify --quiet "$1^{commit}" >"$work/commit" 2>&1
}

# What GitHub and GitLab say when there was no commit before.
is_zero() {
  case $1 in *[!0]*) return 1 ;; esac
}

is_shallow() {
  [ "$(git -C "$top" rev-parse --is-shallow-repository)" = true ]
}

concerned_by_paths() {
  jq -Rnc --argjson all "$all" '
    def tenant: capture("^state-per-tenant/tenants/(?<name>[a-z0-9-]+)[.]tfvars$").name;
    # What is not known to concern nobody concerns everybody.
    def concerns_nobody: test("[.]md$|^(aliases|for-each)/");
    [ inputs | select(concerns_nobody | not) ]
    | if any(.[]; [ tenant ] == []) then $all else [ .[] | tenant | select(IN($all[])) ] | unique end' "$work/paths"
}

changed() {
  all=$(list)
  if is_commit "$1"; then
    # A quoted path would be nobody's, and so concern everybody.
    git -C "$top" -c core.quotePath=false diff --relative --name-only --no-renames "$1" "$2" -- . >"$work/paths"
    concerned=$(concerned_by_paths)
    refuse_removal "$1"
  elif is_commit "$2" && { is_zero "$1" || ! is_shallow; }; then
    echo "There is no commit $1, so this concerns all tenants. Whether the file of one was removed is not known." >&2
    concerned=$all
  else
    echo "There is no commit $1 or $2 in this clone. Fetch more of its history." >&2
    return 1
  fi
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
    name=${path#state-per-tenant/tenants/}
    name=${name%.tfvars}
    # Other files were never a tenant's.
    if ! is_name "$name" || [ "$path" != "state-per-tenant/tenants/$name.tfvars" ] || [ -e "$top/$path" ]; then continue; fi
    git -C "$top" show "$1:./$path" >"$work/removed"
    if ! awk "$grammar" "$work/removed" >"$work/variables" || ! cut -f 2- "$work/variables" | grep -qx "active	false"; then
      echo "$path is removed, and its org may still be linked. Set active = false in it first, and apply that." >&2
      return 1
    fi
  done <"$work/paths"
}

batches() {
  case $1 in
    0* | *[!0-9]* | "") usage 2 ;;
  esac
  all=$(list)
  jq -nc --argjson all "$all" --argjson size "$1" '[ range(0; $all | length; $size) as $at | $all[$at:$at + $size] ]'
}

require_tenant() {
  if ! is_name "$1" || [ ! -f "$root/tenants/$1.tfvars" ]; then
    echo "There is no tenant of this name." >&2
    exit 1
  fi
  list >"$work/list"
}

# What init gets as -backend-config. Terraform splits TF_CLI_ARGS_init as a shell would, so the value is quoted.
backend_config() {
  case $state in
    *%s*%s* | *[\'\\]*) ;;
    *%s*)
      echo "'-backend-config=${state%%"%s"*}$1${state#*"%s"}'"
      return
      ;;
  esac
  echo "STATE must have one %s, for the name of the tenant: without it, all tenants would share a state. It has no \\ and no '." >&2
  return 1
}

# The names of the variables and of the state come from one name, so that no file can mix them up. Each tenant has a data folder
# of its own: in a shared one, Terraform would offer to move the state of the tenant before to this one.
job() {
  require_tenant "$2"
  case ${PIPELINE_OUT:=pipeline-out} in
    /*) ;;
    *) PIPELINE_OUT=$PWD/$PIPELINE_OUT ;;
  esac
  TF_CLI_ARGS_init=$(backend_config "$2")
  TF_CLI_ARGS_plan=-var-file=tenants/$2.tfvars
  TF_DATA_DIR=.terraform/tenants/$2
  export PIPELINE_OUT TF_CLI_ARGS_init TF_CLI_ARGS_plan TF_DATA_DIR
  cd "$root"
  # A signal is for the pipeline from here on, which knows what to do with it.
  rm -rf "$work"
  exec "$here/pipeline.sh" "$1"
}

usage() {
  echo "usage: tenants.sh list [TENANT] | changed BASE HEAD | batches SIZE | plan|apply|drift TENANT" >&2
  exit "$1"
}

work=
trap '[ -z "$work" ] || rm -rf "$work"' EXIT
# As in pipeline.sh: dash runs no EXIT trap when a signal ends it.
# shellcheck disable=SC2064 # the number is that of now
for number in 1 2 3 6 10 12 13 14 15 24 25 30 31; do
  case $(kill -l "$number") in
    HUP | INT | QUIT | ABRT | PIPE | ALRM | TERM | USR1 | USR2 | XCPU | XFSZ) trap "exit $((128 + number))" "$number" ;;
  esac
done
work=$(mktemp -d)

case ${1:-}:$# in
  list:1) list ;;
  list:2) named "$2" ;;
  changed:3) changed "$2" "$3" ;;
  batches:2) batches "$2" ;;
  plan:2 | apply:2 | drift:2) job "$1" "$2" ;;
  *) usage 64 ;;
esac
