# shellcheck shell=bash
# Sourced by ./dev: installs what a verb needs, from Debian and npm, and nothing if it is there.

# Debian's packages, one word for each. `NAME>=VERSION|OTHER` stands for the first of these that the
# system has: Debian 13's own Boost is new enough; Debian 12 has a newer one beside its own.
packages_for() {
  case $1 in
    build)
      echo g++ cmake ninja-build ccache mold 'libboost-dev>=1.81|libboost1.81-dev' libssl-dev \
        libfmt-dev libcli11-dev libtomlplusplus-dev libhiredis-dev \
        nlohmann-json3-dev libgtest-dev libgmock-dev
      ;;
    test)
      echo clang-format-19 chromium coturn curl nginx-light openssl lintian man-db redis-server systemd \
        universal-ctags zsh
      ;;
    package) echo build-essential debhelper umoci ;;
    format) echo clang-format-19 ;;
    lint) echo clang-19 clang-tidy-19 libclang-rt-19-dev libbenchmark-dev libsimdjson-dev shellcheck ;;
    fuzz) echo clang-19 libclang-rt-19-dev libsimdjson-dev ;;
    bench) echo libbenchmark-dev redis-server ;;
  esac
}

# need GROUP…: the packages of these groups are installed when it returns.
need() {
  local group wanted missing=()
  local -A installed
  read_installed
  for wanted in $(for group in "$@"; do packages_for "$group"; done | tr ' ' '\n' | sort -u); do
    choose "$wanted" installed_version >/dev/null || missing+=("$wanted")
  done
  install_packages "${missing[@]}"
}

# choose WANTED LOOKUP: prints the first package that WANTED, a word of packages_for, allows and of
# which `LOOKUP NAME` prints a good version; fails if there is none.
choose() {
  local alternative name version
  for alternative in ${1//|/ }; do
    name=${alternative%%>=*}
    version=$("$2" "$name")
    if [[ -n $version ]] && { [[ $alternative == "$name" ]] ||
      dpkg --compare-versions "$version" ge "${alternative#*>=}"; }; then
      echo "$name"
      return
    fi
  done
  return 1
}

# need_node [FOLDER]: Node 18 or newer with npm, and in the folder's node_modules/ the packages of
# its package-lock.json.
need_node() {
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    install_packages nodejs npm
  fi
  alone install_node_packages "${1:-.}"
}

install_node_packages() {
  local folder=$1
  local stamp=$folder/node_modules/.installed-from
  if ! cmp -s "$folder/package-lock.json" "$stamp"; then
    (cd "$folder" && npm ci)
    cp "$folder/package-lock.json" "$stamp"
  fi
}

# alone COMMAND…: runs it while no other ./dev of this clone runs anything so.
alone() {
  mkdir -p build
  (
    flock 9
    "$@"
  ) 9>build/.lock
}

# Fills `installed`, the caller's: the version of each installed package.
read_installed() {
  local name version
  while read -r name version; do
    installed[$name]=$version
  done < <(dpkg-query --show --showformat='${db:Status-Status} ${Package} ${Version}\n' 2>/dev/null |
    sed -n 's/^installed //p')
}

installed_version() {
  echo "${installed[$1]:-}"
}

available_version() {
  apt-cache policy "$1" | sed -n '/Candidate: (none)/!s/^ *Candidate: //p'
}

# install_packages WANTED…: of each word, as packages_for has them, the first package that the
# system offers.
install_packages() {
  (($# > 0)) || return 0
  if ! command -v apt-get >/dev/null; then
    echo "./dev installs packages on Debian only; these were not found: $*" >&2
    return 0
  fi
  local as_root=()
  if ((EUID != 0)); then
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update -q
  local wanted packages=()
  for wanted in "$@"; do
    if ! packages+=("$(choose "$wanted" available_version)"); then
      echo "This system has no package for $wanted; Debian 12 and newer do." >&2
      return 1
    fi
  done
  echo "Installing from Debian: ${packages[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y \
    --no-install-recommends -o DPkg::Lock::Timeout=600 -- "${packages[@]}"
}
