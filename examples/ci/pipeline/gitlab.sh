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
umask 077

out=${PIPELINE_OUT:-pipeline-out}
project=$CI_API_V4_URL/projects/$CI_PROJECT_ID
label=druva-okta-backup

# Calls the API, and puts its answer into answer.json. The token goes through a pipe, because arguments can be seen by others. A
# redirect is never followed, whatever a .curlrc says: curl would send the token on, to any host that the answer names.
api() {
  answered=$(printf 'header = "PRIVATE-TOKEN: %s"\n' "$GITLAB_TOKEN" | curl --config - --silent --show-error --fail-with-body --no-location \
    --output "$out/answer.json" --write-out '%{http_code} %{redirect_url}' "$@")
  case $answered in
    3*)
      host=$(printf '%s' "${answered#* }" | sed 's|^[a-z]*://||; s|[/?#].*||; s|.*@||' | tr -cd 'A-Za-z0-9.:-')
      echo "GitLab answered with a redirect (${answered%% *}), to the host \"$host\". It was not followed: the token is for ${CI_API_V4_URL} alone." >&2
      echo "If GitLab has moved, or a proxy stands in front of it: CI_API_V4_URL must be the address that answers by itself." >&2
      exit 1
      ;;
  esac
}

comment() {
  marker='<!-- druva-okta-backup -->'
  { echo "$marker" && cat "$out/comment.md"; } >"$out/body.md"
  notes=$project/merge_requests/$CI_MERGE_REQUEST_IID/notes
  api "$notes?per_page=100&order_by=created_at&sort=asc"
  found=$(jq -r --arg marker "$marker" '[.[] | select(.body | startswith($marker))] | first | .id // empty' "$out/answer.json")
  if [ -n "$found" ]; then
    api --request PUT "$notes/$found" --data-urlencode "body@$out/body.md"
  else
    api "$notes" --data-urlencode "body@$out/body.md"
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
  # GitLab reads one file out of the archive itself, wherever it keeps that: this is no redirect.
  api "$project/jobs/$job/artifacts/pipeline-out/plan.json"
  mv "$out/answer.json" "$out/reviewed.json"
}

# ask PROGRAM PATH ARGUMENTS: what jq finds in the API's answer.
ask() {
  program=$1 path=$2
  shift 2
  api "$project/$path"
  jq -r "$@" "$program" "$out/answer.json"
}

issue() {
  api "$project/issues?labels=$label&state=opened"
  open=$(jq -r '.[0].iid // empty' "$out/answer.json")
  title=$(sed -n '1s/^# //p' "$out/summary.md")
  sed 1,2d "$out/summary.md" >"$out/body.md"
  case $1:$open in
    0:) ;;
    0:*)
      api "$project/issues/$open/notes" --data-urlencode "body@$out/summary.md"
      api --request PUT "$project/issues/$open" --data-urlencode state_event=close
      ;;
    2:)
      api "$project/issues" --data-urlencode "title=$title" --data-urlencode "description@$out/body.md" \
        --data-urlencode "labels=$label"
      ;;
    2:*)
      api --request PUT "$project/issues/$open" --data-urlencode "title=$title" --data-urlencode "description@$out/body.md"
      ;;
    # It could not look: that opens no issue and closes none, and what an open one says may still be true.
    *:) ;;
    *) api "$project/issues/$open/notes" --data-urlencode "body@$out/summary.md" ;;
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
