#!/usr/bin/env bash
# scripts/setup.sh chooses packages by what the system has. Stand-ins for Debian's tools tell what is
# installed and what is on offer, each as lines "NAME VERSION".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# shellcheck source=scripts/setup.sh
source scripts/setup.sh

packages_for() {
  echo 'ninja-build libboost-dev>=1.81|libboost1.81-dev'
}

# stand_in NAME LINE…: a program of that name.
stand_in() {
  printf '%s\n' '#!/bin/bash' "${@:2}" >"$folder/$1"
  chmod +x "$folder/$1"
}
stand_in dpkg-query "sed -n 's/^./installed &/p' $folder/installed"
stand_in apt-cache "sed -n \"s/^\$2 /  Candidate: /p\" $folder/offered"
# apt-get: `update`, or `install OPTION… -- PACKAGE…`.
stand_in apt-get 'all=$*' "[[ \$1 == update ]] || echo \"\${all##* -- }\" >$folder/chosen"
stand_in sudo 'exec "$@"'
export PATH=$folder:$PATH

# expect CHOSEN INSTALLED OFFERED: what is installed then, by the lines of the other two.
expect() {
  echo -n >"$folder/chosen"
  echo "$2" >"$folder/installed"
  echo "$3" >"$folder/offered"
  need build >/dev/null 2>"$folder/errors" || echo fails >"$folder/chosen"
  [[ $(<"$folder/chosen") == "$1" ]] && return
  echo "expected '$1', got '$(<"$folder/chosen")' with '$2' installed and '$3' on offer"
  exit 1
}

ninja='ninja-build 1.11.1-2'
debian_12=$ninja$'\nlibboost-dev 1.74.0.3\nlibboost1.81-dev 1.81.0-5'
debian_13=$ninja$'\nlibboost-dev 1.83.0.2+b2\nlibboost1.83-dev 1.83.0-4.2'

expect 'libboost1.81-dev ninja-build' '' "$debian_12"
expect 'libboost-dev ninja-build' '' "$debian_13"
expect libboost-dev "$ninja" "$debian_13"
expect libboost1.81-dev "$ninja"$'\nlibboost-dev 1.74.0.3' "$debian_12"
expect '' "$debian_12" ''
expect '' "$debian_13" ''

expect fails "$ninja" 'libboost-dev 1.74.0.3'
grep -q 'no package for libboost-dev>=1.81|libboost1.81-dev' "$folder/errors"
