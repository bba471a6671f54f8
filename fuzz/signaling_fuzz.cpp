// Whatever clients say and whichever message arrives first: nothing goes to a peer that it is not
// for, what goes out is JSON, and when all have gone nothing is left. A line is one step: a letter
// and a peer's digit, as in `s1["room-join-accept",{"room":"north","to":"@p2"}]`.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "signaling/testing/test_node.hpp"

namespace {

using namespace heliograph;

constexpr std::string_view kPeers = "0123";

bool is_event(std::string_view text) {
  json::Outline outline;
  return outline.parse(text, 32) == json::Status::kOk && outline.root() == json::Kind::kArray &&
         !outline.elements().empty() && outline.elements()[0].value.kind == json::Kind::kString;
}

void step(signaling::TestNode& node, char what, char whose, std::string_view text) {
  const std::string peer = {'p', kPeers[static_cast<unsigned char>(whose) % 4]};
  if (what == 'd') node.disconnect(peer);
  if (what == 'c') node.connect(peer, whose % 2 ? 1 : 0);
  if (what == 's' && is_event(text)) node.emit(peer, text, 7);
  if (what == 't') {
    node.pass_time(std::chrono::seconds(20));
    node.expire();
  }
  const auto arrivals = node.arrivals();
  if (what == 'm' && !arrivals.empty()) {
    node.arrive(arrivals[static_cast<unsigned char>(whose) % arrivals.size()]);
  }
  for (const signaling::Heard& heard : node.take_heard(peer)) {
    if (json::validate(heard.arguments, 64) != json::Status::kOk) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  signaling::TestNode node(2);
  for (const char peer : kPeers) step(node, 'c', peer, {});
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.size() >= 2) step(node, line[0], line[1], line.substr(2));
  }
  for (const char peer : kPeers) step(node, 'd', peer, {});
  node.settle();
  if (node.peer_count() + node.room_count() != 0) std::abort();
  if (node.deadline() != base::TimePoint::max()) std::abort();
  return 0;
}
