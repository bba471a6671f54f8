# shellcheck shell=bash
# Sourced by ./dev: shows how far what takes long has come, and keeps what it says in a file.

progress_log=build/dev.log

# with_progress TITLE COMMAND…: runs the command, which says nothing but into the log. If it has
# anything to say, TITLE appears, with the part of a build that is done, and then the time it took. If
# it fails, so does this: with the end of what it said, and the name of the log.
with_progress() {
  local title=$1 status=0 from
  shift
  mkdir -p build
  from=$(stat --format=%s "$progress_log" 2>/dev/null || echo 0)
  set +e # Not `||`, behind which the command would go on after an error.
  (
    set -e
    "$@"
  ) 2>&1 | tee -a "$progress_log" | show_progress "$title"
  status=${PIPESTATUS[0]}
  set -e
  ((status == 0)) && return
  echo "$title failed. The end of what was said:" >&2
  tail --bytes=+$((from + 1)) "$progress_log" | tail -n 20 >&2
  echo "All of it is in $PWD/$progress_log." >&2
  return "$status"
}

# Ninja's lines begin with "[done/all]". Each tenth is a line, or all are one line on a terminal.
show_progress() {
  local title=$1 line begin=$SECONDS tenth=-1 is_silent=true
  while IFS= read -r line; do
    $is_silent && say_progress "$title…"
    is_silent=false
    [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] || continue
    if [[ -t 1 ]] || ((10 * BASH_REMATCH[1] / BASH_REMATCH[2] > tenth)); then
      tenth=$((10 * BASH_REMATCH[1] / BASH_REMATCH[2]))
      say_progress "$title… ${BASH_REMATCH[1]} of ${BASH_REMATCH[2]}"
    fi
  done
  $is_silent || say_progress "$title took $((SECONDS - begin)) s."
  if [[ -t 1 ]] && ! $is_silent; then echo; fi
}

# Over the last one on a terminal.
say_progress() {
  if [[ -t 1 ]]; then
    printf '\r\033[K%s' "$1"
  else
    printf '%s\n' "$1"
  fi
}
