#include "load/crowd.hpp"

#include <string>

#include "load/load_error.hpp"
#include "load/measurement.hpp"

namespace heliograph::load {
namespace {

constexpr std::size_t kConnectingAtOnce = 128;

}  // namespace

void Crowd::grow_to(std::size_t size) {
  clients_.reserve(size);
  const auto start_more = [&] {
    while (clients_.size() < size && clients_.size() - ready_ < kConnectingAtOnce) {
      clients_.push_back(std::make_unique<Client>(loop_, target_, *this, clients_.size()));
      clients_.back()->start();
    }
    return ready_ == size;
  };
  turn_until(loop_, "connecting", start_more, [&] { return ready_; });
}

void Crowd::on_ready(Client&) { ++ready_; }

void Crowd::on_message(Client&, std::string_view text) {
  throw LoadError("an idle client was sent a message: " + std::string(text.substr(0, 300)));
}

void Crowd::on_closed(Client&) { throw LoadError("an idle client was closed"); }

}  // namespace heliograph::load
