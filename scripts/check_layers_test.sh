#!/usr/bin/env bash
# Plants each kind of violation in a tree of its own; scripts/check_layers must name it, and must
# pass what is allowed.
set -euo pipefail
check=$(dirname "${BASH_SOURCE[0]}")/check_layers
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failures=0

# expect VERDICT FILE CODE: VERDICT is "allowed", or a part of the message that must come.
expect() {
  local verdict=$1 file=$2 code=$3 output status=0
  rm -rf "$tree/src"
  mkdir -p "$tree/src/$(dirname "$file")"
  printf '%s\n' "$code" >"$tree/src/$file"
  output=$("$check" "$tree" 2>&1) || status=$?
  if [[ $verdict == allowed ]]; then
    [[ $status == 0 && -z $output ]] && return
  elif [[ $status == 1 && $output == "src/$file:"*"$verdict"* ]]; then
    return
  fi
  failures=$((failures + 1))
  printf 'expected "%s" for %s holding: %s\n  got (exit %d): %s\n' \
    "$verdict" "$file" "$code" "$status" "$output"
}

expect allowed websocket/parser.cpp '#include "websocket/parser.hpp"'
expect allowed websocket/parser.cpp '#include "base/bytes.hpp"'
expect allowed gateway/client_session.cpp '#include "signaling/service.hpp"'
expect allowed server/worker.cpp '#include <boost/asio/io_context.hpp>'
expect allowed main.cpp '#include "config/config.hpp"'
expect allowed signaling/room_test.cpp '#include <random>'
expect allowed signaling/room_test.cpp '#include "signaling/testing/client_model.hpp"'
expect allowed cluster/testing/simulated_node.hpp '#include "cluster/testing/store_model.hpp"'
expect allowed redis/testing/redis_server.hpp '#include <thread>'
expect allowed engineio/session_state.cpp 'return deadline; // the caller passes Clock::now()'
expect allowed engineio/session_state.cpp 'const auto due = connect_time(now);'

expect 'may not include engineio' socketio/packet.cpp '#include "engineio/packet.hpp"'
expect 'may not include signaling' auth/token.hpp '#include "signaling/room.hpp"'
expect 'may not include server' signaling/room_test.cpp '#include "server/worker.hpp"'
expect 'may not include config' server/worker.cpp '#include "config/config.hpp"'
expect 'is not a path from src/' engineio/packet.cpp '#include "packet.hpp"'
expect 'is not a path from src/' engineio/packet.cpp '#include "../base/bytes.hpp"'
expect 'has no floor' attic/thing.cpp '#include <string>'
expect 'only tests include' cluster/node.cpp '#include "cluster/testing/store_model.hpp"'
expect 'never touches clocks' cluster/rooms.cpp 'const auto now = base::Clock::now();'
expect 'never touches sockets' cluster/node.hpp '#include <boost/asio/io_context.hpp>'
expect 'never touches sockets' websocket/parser.cpp '#include <boost/asio/buffer.hpp>'
expect 'never touches sockets' http_api/router.cpp '#include <sys/socket.h>'
expect 'never touches clocks' engineio/session_state.cpp 'auto now = std::chrono::steady_clock::now();'
expect 'never touches clocks' signaling/room.cpp 'created_ = ::time(nullptr);'
expect 'never touches threads' signaling/room.hpp '#include <mutex>'
expect 'never touches randomness' gateway/hub.cpp '#include <random>'
expect 'never touches packets' signaling/service.cpp '#include "socketio/packet.hpp"'

expect 'never touches packets' http/http1.cpp '#include "engineio/packet.hpp"'
expect 'never touches rooms' transport/session.cpp '#include "signaling/room.hpp"'
expect 'never touches client sockets' emitter/subscription.cpp '#include "reactor/connection.hpp"'

# What ARCHITECTURE.md says is what is checked.
architecture=$(dirname "$check")/../ARCHITECTURE.md
if ! diff <("$check" --table) <(grep -A 100 'what it never touches' "$architecture" | grep '^|' -m 21); then
  failures=$((failures + 1))
  echo 'ARCHITECTURE.md does not show what scripts/check_layers --table prints'
fi

# Two units that include each other, and a chain of them.
rm -rf "$tree/src"
mkdir -p "$tree/src/base"
echo '#include "base/json.hpp"' >"$tree/src/base/text.hpp"
echo '#include "base/text.hpp"' >"$tree/src/base/json.cpp"
output=$("$check" "$tree" 2>&1) && status=0 || status=$?
if [[ $status != 1 || $output != *circle*base/json* ]]; then
  failures=$((failures + 1))
  printf 'a circle of units is not found: (exit %d) %s\n' "$status" "$output"
fi
echo '#include "base/log.hpp"' >"$tree/src/base/json.cpp"
if ! "$check" "$tree"; then
  failures=$((failures + 1))
fi

exit $((failures > 0))
