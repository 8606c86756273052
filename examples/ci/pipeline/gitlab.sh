#!/bin/sh
# What only GitLab CI needs: `gitlab.sh comment|store|fetch`, and `gitlab.sh issue CODE` with what `pipeline.sh drift` ended with.
#
# comment and issue need GITLAB_TOKEN, a project access token with the scope "api" (a job's own token cannot write either). store and
# fetch keep the encrypted plan in the project's generic packages, with the job's own token. Needs curl and jq.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
out=${PIPELINE_OUT:-pipeline-out}
project=$CI_API_V4_URL/projects/$CI_PROJECT_ID
label=druva-okta-backup

# Calls the API. The token goes through a pipe, because arguments can be seen by others.
api() {
  printf 'header = "PRIVATE-TOKEN: %s"\n' "$GITLAB_TOKEN" | curl --config - --silent --show-error --fail-with-body "$@"
}

with_job_token() {
  printf 'header = "JOB-TOKEN: %s"\n' "$CI_JOB_TOKEN" | curl --config - --silent --show-error --fail-with-body "$@"
}

comment() {
  marker='<!-- druva-okta-backup -->'
  { echo "$marker" && cat "$out/comment.md"; } >"$out/body.md"
  notes=$project/merge_requests/$CI_MERGE_REQUEST_IID/notes
  api "$notes?per_page=100&order_by=created_at&sort=asc" >"$out/answer.json"
  found=$(jq -r --arg marker "$marker" '[.[] | select(.body | startswith($marker))] | first | .id // empty' "$out/answer.json")
  if [ -n "$found" ]; then
    api --request PUT "$notes/$found" --data-urlencode "body@$out/body.md" >/dev/null
  else
    api "$notes" --data-urlencode "body@$out/body.md" >/dev/null
  fi
}

package() {
  echo "$project/packages/generic/okta-backup-plan/$("$here/pipeline.sh" name)/plan.tar.gpg"
}

store() {
  with_job_token --upload-file "$out/plan.tar.gpg" "$(package)" >/dev/null
}

fetch() {
  mkdir -p "$out"
  rm -f "$out/plan.tar.gpg"
  if ! with_job_token --output "$out/plan.tar.gpg" "$(package)"; then
    rm -f "$out/plan.tar.gpg"
    echo "No plan of this configuration is kept. Was the merge a fast-forward? Otherwise start a pipeline on the main branch with the" >&2
    echo "variable PLAN=1, read its plan, and run this job again." >&2
    exit 1
  fi
}

issue() {
  api "$project/issues?labels=$label&state=opened" >"$out/answer.json"
  open=$(jq -r '.[0].iid // empty' "$out/answer.json")
  title=$(sed -n '1s/^# //p' "$out/summary.md")
  sed 1,2d "$out/summary.md" >"$out/body.md"
  case $1:$open in
    0:) ;;
    0:*)
      api "$project/issues/$open/notes" --data-urlencode "body@$out/summary.md" >/dev/null
      api --request PUT "$project/issues/$open" --data-urlencode state_event=close >/dev/null
      ;;
    *:)
      api "$project/issues" --data-urlencode "title=$title" --data-urlencode "description@$out/body.md" \
        --data-urlencode "labels=$label" >/dev/null
      ;;
    # It could not look: what the issue says may still be true.
    1:*) api "$project/issues/$open/notes" --data-urlencode "body@$out/summary.md" >/dev/null ;;
    *)
      api --request PUT "$project/issues/$open" --data-urlencode "title=$title" --data-urlencode "description@$out/body.md" >/dev/null
      ;;
  esac
}

case ${1:-}:$# in
  comment:1 | store:1 | fetch:1) "$1" ;;
  issue:2) issue "$2" ;;
  *)
    echo "usage: gitlab.sh comment | store | fetch | issue CODE" >&2
    exit 64
    ;;
esac
