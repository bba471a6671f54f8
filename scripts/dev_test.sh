#!/usr/bin/env bash
# Two ./dev of one clone at a time: the second one waits until the first has built. In a tree of its
# own, where cmake, ninja and npm are stand-ins that tell what they do.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tree=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$tree"' EXIT
mkdir -p "$tree/scripts" "$tree/bin" "$tree/node_modules"
cp dev CMakePresets.json package-lock.json "$tree"
cp scripts/setup.sh "$tree/scripts"
cp package-lock.json "$tree/node_modules/.installed-from"
mkfifo "$tree/news" "$tree/go"
exec 3<>"$tree/news" 4<>"$tree/go"

# stand_in NAME LINE…: a program of that name.
stand_in() {
  printf '%s\n' '#!/bin/bash' "${@:2}" >"$tree/bin/$1"
  chmod +x "$tree/bin/$1"
}
stand_in cmake 'exit 0'
stand_in npm 'exit 1'
stand_in ninja 'echo builds >&3; read -r -t 60 <&4; echo has built >&3'
stand_in flock 'echo waits >&3' "exec $(command -v flock) \"\$@\""
export PATH=$tree/bin:$PATH

# hear LINE: what comes next, "waits" aside unless it is that.
hear() {
  local line
  while read -r -t 60 line <&3; do
    [[ $line == "$1" ]] && return
    [[ $line == waits ]] || break
  done
  echo "expected '$1', got '${line:-nothing}'"
  exit 1
}

"$tree/dev" build >/dev/null &
hear builds
"$tree/dev" build >/dev/null &
hear waits
echo go >&4
hear 'has built'
hear builds
echo go >&4
hear 'has built'
wait
