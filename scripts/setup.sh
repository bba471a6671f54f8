# shellcheck shell=bash
# Sourced by ./dev: installs what a verb needs, from Debian 12 and npm, and nothing when it is there.

packages_for() {
  case $1 in
    build)
      echo g++ cmake ninja-build ccache mold libboost1.81-dev libssl-dev libspdlog-dev libfmt-dev \
        libcli11-dev libtomlplusplus-dev libhiredis-dev nlohmann-json3-dev libgtest-dev \
        libgmock-dev
      ;;
    test)
      echo clang-format-19 chromium coturn curl nginx-light openssl redis-server systemd \
        universal-ctags
      ;;
    format) echo clang-format-19 ;;
    lint) echo clang-19 clang-tidy-19 libclang-rt-19-dev libbenchmark-dev libsimdjson-dev shellcheck ;;
    fuzz) echo clang-19 libclang-rt-19-dev libsimdjson-dev ;;
    bench) echo libbenchmark-dev redis-server ;;
  esac
}

# need GROUP…: the packages of these groups are installed when it returns.
need() {
  local group missing
  mapfile -t missing < <(comm -23 \
    <(for group in "$@"; do packages_for "$group"; done | tr ' ' '\n' | sort -u) \
    <(installed_packages))
  install_packages "${missing[@]}"
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

installed_packages() {
  dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' 2>/dev/null |
    sed -n 's/^installed //p' | sort -u
}

install_packages() {
  (($# > 0)) || return 0
  if ! command -v apt-get >/dev/null; then
    echo "./dev installs packages on Debian 12 only; these were not found: $*" >&2
    return 0
  fi
  local as_root=()
  if ((EUID != 0)); then
    as_root=(sudo)
  fi
  echo "Installing from Debian: $*"
  "${as_root[@]}" apt-get update -q
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y \
    --no-install-recommends -o DPkg::Lock::Timeout=600 -- "$@"
}
