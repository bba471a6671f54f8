#!/usr/bin/env bash
# cmake/Requirements.cmake refuses what is missing or too old and says what to install, and
# CONTRIBUTING.md lists the same versions. Run in a project of its own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/CMakeLists.txt" <<END
$(grep '^cmake_minimum_required' CMakeLists.txt)
project(requirements LANGUAGES CXX)
if(COMPILER)
  list(GET COMPILER 0 CMAKE_CXX_COMPILER_ID)
  list(GET COMPILER 1 CMAKE_CXX_COMPILER_VERSION)
endif()
include($PWD/cmake/Requirements.cmake)
END

configure() {
  cmake --fresh -G Ninja -S "$folder" -B "$folder/build" -D HELIOGRAPH_TESTS=ON "$@" 2>&1 |
    tr -s ' \n' ' '
}

# refuses MESSAGE OPTION: with this option CMake ends with that message.
refuses() {
  local output
  if output=$(configure "$2"); then
    echo "CMake took $2"
  elif [[ $output != *"$1"* ]]; then
    echo "expected '$1', got '$output'"
  else
    return 0
  fi
  exit 1
}

if ! output=$(configure); then
  echo "$output"
  exit 1
fi

refuses 'needs gcc 12 or newer, but this is 11.4. On Debian 12 and newer, ./dev build installs it (g++)' \
  '-DCOMPILER=GNU;11.4'
refuses 'needs Clang 19 or newer, but this is 14.0.6.' \
  '-DCOMPILER=Clang;14.0.6'
refuses 'needs Boost 1.81 or newer, but none was found. On Debian 12 and newer, ./dev build installs' \
  -DCMAKE_DISABLE_FIND_PACKAGE_Boost=ON

mkdir "$folder/fmt"
echo 'set(PACKAGE_VERSION 8.1.1)' >"$folder/fmt/fmt-config-version.cmake"
touch "$folder/fmt/fmt-config.cmake"
refuses 'needs fmt 9.1 or newer, but this is 8.1.1.' -Dfmt_DIR="$folder/fmt"

printf '%s\n' '#!/bin/sh' 'echo v16.20.2' >"$folder/node"
chmod +x "$folder/node"
refuses 'needs Node 18 or newer, but this is 16.20.2.' -DNODE_EXECUTABLE="$folder/node"

while read -r name minimum; do
  if ! grep -qE "(^|[^[:alnum:]])${name//+/\\+} $minimum([^0-9.]|\.?$)" CONTRIBUTING.md; then
    echo "CONTRIBUTING.md does not say: $name $minimum"
    exit 1
  fi
done < <(
  sed -nE 's/^ *heliograph_needs\(([^ ]+) ([0-9.]+) .*/\1 \2/p' cmake/Requirements.cmake
  sed -nE 's/^cmake_minimum_required\(VERSION (.+)\)/CMake \1/p' CMakeLists.txt
)
