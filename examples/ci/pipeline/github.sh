#!/bin/sh
# What only GitHub Actions needs. Runs GitHub's program gh, with GH_TOKEN and GITHUB_REPOSITORY in the environment:
#
#   github.sh comment NUMBER   puts comment.md under a pull request, in the place of the one from the last time
#   github.sh fetch            gets reviewed.json: what the workflow "plan" found for the commit GITHUB_SHA on GITHUB_REF_NAME
#   github.sh issue CODE       opens, updates or closes the one issue about drift; CODE is what `pipeline.sh drift` ended with
#
# Where one repository has many tenants, PIPELINE_TENANT names the one: each has a comment, an issue and an artifact of its own.
set -eu

out=${PIPELINE_OUT:-pipeline-out}
repository=repos/$GITHUB_REPOSITORY
tenant=${PIPELINE_TENANT:-}
label=druva-okta-backup${tenant:+-$tenant}
artifact=plan${tenant:+-$tenant}

comment() {
  marker="<!-- $label -->"
  { echo "$marker${tenant:+
## $tenant
}" && cat "$out/comment.md"; } >"$out/body.md"
  mine=".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$marker\"))) | .id"
  found=$(gh api --paginate "$repository/issues/$1/comments" --jq "$mine")
  if [ -n "$found" ]; then
    gh api --silent --method PATCH "$repository/issues/comments/${found%%[!0-9]*}" --field "body=@$out/body.md"
  else
    gh api --silent "$repository/issues/$1/comments" --field "body=@$out/body.md"
  fi
}

# Where it was planned by hand on this branch, that plan was read last. Else the plan of the pull request that was merged.
fetch() {
  mkdir -p "$out"
  rm -rf "$out/reviewed" "$out/reviewed.json"
  run=$(planned "event=workflow_dispatch&branch=$GITHUB_REF_NAME&head_sha=$GITHUB_SHA")
  if [ -z "$run" ]; then
    merged=".[] | select(.merged_at != null and .merge_commit_sha == \"$GITHUB_SHA\" and .base.ref == \"$GITHUB_REF_NAME\") | .head.sha"
    head=$(gh api "$repository/commits/$GITHUB_SHA/pulls" --jq "[$merged][0] // empty")
    [ -z "$head" ] || run=$(planned "event=pull_request&head_sha=$head")
  fi
  if [ -z "$run" ]; then
    echo "No plan of this commit was reviewed. If there is something to apply: run the workflow \"plan\" by hand on $GITHUB_REF_NAME," >&2
    echo "read its plan, and run this job again." >&2
    return
  fi
  gh run download "$run" --name "$artifact" --dir "$out/reviewed"
  mv "$out/reviewed/plan.json" "$out/reviewed.json"
}

# The newest run of the workflow "plan" that made one, and still has it.
planned() {
  for run in $(gh api "$repository/actions/workflows/plan.yml/runs?$1&status=success" --jq '.workflow_runs[].id'); do
    kept=$(gh api "$repository/actions/runs/$run/artifacts?name=$artifact" --jq '[.artifacts[] | select(.expired | not)][0].id // empty')
    if [ -n "$kept" ]; then
      echo "$run"
      return
    fi
  done
}

issue() {
  open=$(gh api "$repository/issues?labels=$label&state=open" --jq '.[0].number // empty')
  title=${tenant:+$tenant: }$(sed -n '1s/^# //p' "$out/summary.md")
  sed 1,2d "$out/summary.md" >"$out/body.md"
  case $1:$open in
    0:) ;;
    0:*)
      gh api --silent "$repository/issues/$open/comments" --field "body=@$out/summary.md"
      gh api --silent --method PATCH "$repository/issues/$open" --raw-field state=closed
      ;;
    2:) gh api --silent "$repository/issues" --raw-field "title=$title" --field "body=@$out/body.md" --raw-field "labels[]=$label" ;;
    2:*) gh api --silent --method PATCH "$repository/issues/$open" --raw-field "title=$title" --field "body=@$out/body.md" ;;
    # It could not look: that opens no issue and closes none, and what an open one says may still be true.
    *:) ;;
    *) gh api --silent "$repository/issues/$open/comments" --field "body=@$out/summary.md" ;;
  esac
}

case ${1:-}:$# in
  comment:2) comment "$2" ;;
  fetch:1) fetch ;;
  issue:2) issue "$2" ;;
  *)
    echo "usage: github.sh comment NUMBER | fetch | issue CODE" >&2
    exit 64
    ;;
esac
