#!/bin/sh
# What only GitHub Actions needs. Runs GitHub's program gh, with GH_TOKEN and GITHUB_REPOSITORY in the environment:
#
#   github.sh comment NUMBER   puts comment.md under a pull request, in the place of the one from the last time
#   github.sh fetch            gets the saved plan of this configuration from whichever run made it
#   github.sh issue CODE       opens, updates or closes the one issue about drift; CODE is what `pipeline.sh drift` ended with
set -eu

here=$(cd "$(dirname "$0")" && pwd)
out=${PIPELINE_OUT:-pipeline-out}
repository=repos/$GITHUB_REPOSITORY
label=druva-okta-backup

comment() {
  marker='<!-- druva-okta-backup -->'
  { echo "$marker" && cat "$out/comment.md"; } >"$out/body.md"
  mine=".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$marker\"))) | .id"
  found=$(gh api --paginate "$repository/issues/$1/comments" --jq "$mine")
  if [ -n "$found" ]; then
    gh api --silent --method PATCH "$repository/issues/comments/${found%%[!0-9]*}" --field "body=@$out/body.md"
  else
    gh api --silent "$repository/issues/$1/comments" --field "body=@$out/body.md"
  fi
}

fetch() {
  name=$("$here/pipeline.sh" name)
  newest='[.artifacts[] | select(.expired | not)] | sort_by(.created_at) | last | .workflow_run.id // empty'
  run=$(gh api "$repository/actions/artifacts?name=$name&per_page=100" --jq "$newest")
  if [ -z "$run" ]; then
    echo "No plan of this configuration is kept ($name). The main branch had moved on when the pull request was merged, or the plan" >&2
    echo "is too old. Run the workflow \"plan\" by hand on the main branch, read its plan, and run this job again." >&2
    exit 1
  fi
  rm -f "$out/plan.tar.gpg"
  gh run download "$run" --name "$name" --dir "$out"
}

issue() {
  open=$(gh api "$repository/issues?labels=$label&state=open" --jq '.[0].number // empty')
  title=$(sed -n '1s/^# //p' "$out/summary.md")
  sed 1,2d "$out/summary.md" >"$out/body.md"
  case $1:$open in
    0:) ;;
    0:*)
      gh api --silent "$repository/issues/$open/comments" --field "body=@$out/summary.md"
      gh api --silent --method PATCH "$repository/issues/$open" --raw-field state=closed
      ;;
    *:) gh api --silent "$repository/issues" --raw-field "title=$title" --field "body=@$out/body.md" --raw-field "labels[]=$label" ;;
    # It could not look: what the issue says may still be true.
    1:*) gh api --silent "$repository/issues/$open/comments" --field "body=@$out/summary.md" ;;
    *) gh api --silent --method PATCH "$repository/issues/$open" --raw-field "title=$title" --field "body=@$out/body.md" ;;
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
