#!/bin/sh
# shellcheck disable=SC2016 # the dollars in the programs for jq are jq's
#
# What only GitLab CI needs:
#
#   gitlab.sh comment      puts comment.md under the merge request, in the place of the one from the last time
#   gitlab.sh fetch        gets reviewed.json: what the job "plan" found for the commit CI_COMMIT_SHA on CI_COMMIT_BRANCH
#   gitlab.sh issue CODE   opens, updates or closes the one issue about drift; CODE is what `pipeline.sh drift` ended with
#
# GITLAB_TOKEN is a project access token with the scope "api": a job's own token cannot do these. Needs curl and jq.
set -eu

out=${PIPELINE_OUT:-pipeline-out}
project=$CI_API_V4_URL/projects/$CI_PROJECT_ID
label=druva-okta-backup

# Calls the API. The token goes through a pipe, because arguments can be seen by others.
api() {
  printf 'header = "PRIVATE-TOKEN: %s"\n' "$GITLAB_TOKEN" | curl --config - --silent --show-error --fail-with-body "$@"
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

# Where it was planned by hand on this branch, that plan was read last. Else the plan of the merge request that was merged.
fetch() {
  mkdir -p "$out"
  rm -f "$out/reviewed.json"
  pipeline=$(ask '.[0].id // empty' "pipelines?sha=$CI_COMMIT_SHA&ref=$CI_COMMIT_BRANCH&source=web&status=success")
  if [ -z "$pipeline" ]; then
    merged=$(ask '[.[] | select(.state == "merged" and .target_branch == env.CI_COMMIT_BRANCH) | "\(.iid) \(.sha)"][0] // empty' \
      "repository/commits/$CI_COMMIT_SHA/merge_requests")
    of_head='[.[] | select(.sha == $head and .status == "success" and (.ref | startswith("refs/merge-requests/")))][0].id // empty'
    [ -z "$merged" ] || pipeline=$(ask "$of_head" "merge_requests/${merged%% *}/pipelines" --arg head "${merged#* }")
  fi
  job=
  [ -z "$pipeline" ] || job=$(ask '[.[] | select(.name == "plan" and .status == "success")][0].id // empty' "pipelines/$pipeline/jobs")
  if [ -z "$job" ]; then
    echo "No plan of this commit was reviewed. If there is something to apply: start a pipeline on $CI_COMMIT_BRANCH with the variable" >&2
    echo "PLAN=1, read its plan, and run this job again." >&2
    return
  fi
  api --location --output "$out/reviewed.json" "$project/jobs/$job/artifacts/pipeline-out/plan.json"
}

# ask PROGRAM PATH ARGUMENTS: what jq finds in the API's answer.
ask() {
  program=$1 path=$2
  shift 2
  api "$project/$path" >"$out/answer.json"
  jq -r "$@" "$program" "$out/answer.json"
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
    2:)
      api "$project/issues" --data-urlencode "title=$title" --data-urlencode "description@$out/body.md" \
        --data-urlencode "labels=$label" >/dev/null
      ;;
    2:*)
      api --request PUT "$project/issues/$open" --data-urlencode "title=$title" --data-urlencode "description@$out/body.md" >/dev/null
      ;;
    # It could not look: that opens no issue and closes none, and what an open one says may still be true.
    *:) ;;
    *) api "$project/issues/$open/notes" --data-urlencode "body@$out/summary.md" >/dev/null ;;
  esac
}

case ${1:-}:$# in
  comment:1 | fetch:1) "$1" ;;
  issue:2) issue "$2" ;;
  *)
    echo "usage: gitlab.sh comment | fetch | issue CODE" >&2
    exit 64
    ;;
esac
