# shellcheck shell=bash
# Progress: each step says what it does and how long the one before took, and a summary at the end has them all.
# Sourced with `set -euo pipefail`; sets a trap on EXIT, to which `at_exit` adds.

summary=() step_name='' step_began=0 step_used=0
began=$SECONDS
clock=$(mktemp)

# Hundredths of a second that the processors spent for what this shell started and waited for, into `used`.
processor_time() {
  times >"$clock"
  used=$(tail -n 1 "$clock" | awk '{ split($1 " " $2, part, /[ms ]+/); printf "%d", 100 * (60 * (part[1] + part[3]) + part[2] + part[4]) }')
}

end_step() {
  [[ -n $step_name ]] || return 0
  processor_time
  last="$((SECONDS - step_began)) s"
  summary+=("$(printf '%6d s %7d s   %s' $((SECONDS - step_began)) $(((used - step_used) / 100)) "$step_name$1")")
  step_name=''
}

# step "What it does" COMMAND…
step() {
  end_step ''
  printf '\n── %s%s\n' "$1" "${last:+ (the step before: $last)}" >&2
  processor_time
  step_name=$1 step_began=$SECONDS step_used=$used
  "${@:2}"
}

cleaning=()
at_exit() { cleaning+=("$1"); }

finish() {
  local status=$1 line
  end_step "$([[ $status == 0 ]] || echo ': FAILED')"
  {
    printf '\n  elapsed processor  step\n'
    # The bash of macOS takes an empty list for a variable that is not set.
    for line in ${summary[@]+"${summary[@]}"}; do echo "$line"; done
    processor_time
    printf '%6d s %7d s   in all\n' $((SECONDS - began)) $((used / 100))
  } >&2
  for line in "${cleaning[@]:-true}"; do eval "$line"; done
  rm -f "$clock"
}
trap 'finish $?' EXIT
