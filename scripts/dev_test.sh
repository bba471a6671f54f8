#!/usr/bin/env bash
# ./dev in a tree of its own, with stand-ins for cmake, ninja and npm that tell what they do.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tree=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$tree"' EXIT
mkdir -p "$tree/scripts" "$tree/bin" "$tree/node_modules"
cp dev CMakePresets.json package-lock.json "$tree"
cp scripts/setup.sh scripts/progress.sh "$tree/scripts"
cp package-lock.json "$tree/node_modules/.installed-from"
mkfifo "$tree/news" "$tree/go"
exec 3<>"$tree/news" 4<>"$tree/go"

# stand_in NAME LINE…: a program of that name.
stand_in() {
  printf '%s\n' '#!/bin/bash' "${@:2}" >"$tree/bin/$1"
  chmod +x "$tree/bin/$1"
}
stand_in cmake "echo \"\$*\" >>$tree/configured"
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

# Two at a time: the second one waits until the first has built.
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

# configures CONFIGURATION [CI=true]: ./dev build calls CMake so, with that in its environment.
configures() {
  local last
  env -u CI "${@:2}" "$tree/dev" build >/dev/null
  last=$(tail -n 1 "$tree/configured")
  [[ $last == "$1" ]] && return
  echo "expected 'cmake $1', got 'cmake $last'"
  exit 1
}

# Warnings are errors in CI alone.
stand_in ninja 'exit 0'
configures '--preset release'
configures '--preset release -D HELIOGRAPH_WERROR=ON' CI=true

# ./dev run shows how far the build is, and not what it says; the server comes behind that.
mkdir -p "$tree/build/release"
printf '%s\n' '#!/bin/sh' 'echo "server $*"' >"$tree/build/release/heliograph"
chmod +x "$tree/build/release/heliograph"
# shellcheck disable=SC2016 # The stand-in expands it.
stand_in ninja 'for i in {1..200}; do echo "[$i/200] Building CXX object $i"; done'
said=$("$tree/dev" run --port 5001)
if [[ $said != *'Building… 20 of 200'*'Building… 200 of 200'*'server --dev --port 5001' ]] ||
  [[ $said == *CXX* ]] || (($(wc -l <<<"$said") > 20)); then
  printf 'expected the progress of a build, got:\n%s\n' "$said"
  exit 1
fi
grep -q 'CXX object 117' "$tree/build/dev.log"

# A build that fails shows the end of what it said, and where the rest is.
# shellcheck disable=SC2016 # The stand-in expands it.
stand_in ninja 'for i in {1..50}; do echo "[$i/50] step $i"; done' 'echo "error: no such thing"' 'exit 1'
if said=$("$tree/dev" run 2>&1); then
  echo 'expected a build that fails to end ./dev run'
  exit 1
fi
if [[ $said != *'step 49'*'error: no such thing'*"$tree/build/dev.log"* || $said == *'server --dev'* ]]; then
  printf 'expected the error and the name of the log, got:\n%s\n' "$said"
  exit 1
fi

# An error ends it there: a tree that could not be configured is not built.
stand_in cmake 'echo "CMake Error"; exit 1'
stand_in ninja 'echo "[1/1] built all the same"'
rm -rf "$tree/build/release/build.ninja"
if said=$("$tree/dev" run 2>&1) || [[ $said == *'built all the same'* || $said != *'CMake Error'* ]]; then
  printf 'expected the error of CMake alone, got:\n%s\n' "$said"
  exit 1
fi
stand_in cmake 'exit 0'

# Nothing to do: nothing is said.
stand_in ninja 'exit 0'
said=$("$tree/dev" run)
if [[ $said != 'server --dev' ]]; then
  printf 'expected the server alone, got:\n%s\n' "$said"
  exit 1
fi
