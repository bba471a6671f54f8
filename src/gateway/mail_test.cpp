#include "gateway/mail.hpp"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace heliograph::gateway {
namespace {

constexpr std::size_t kMuch = 10'000;

TEST(Mail, WeighsWhatItCarries) {
  const std::string text(kMuch, 'x');
  signaling::RemoteRelay relay;
  EXPECT_LT(weight(Mail(signaling::WorkerMessage(relay))), kMuch);
  relay.event = text;
  EXPECT_GE(weight(Mail(signaling::WorkerMessage(relay))), kMuch);
  relay.attachments = std::make_shared<const std::vector<std::string>>(2, text);
  EXPECT_GE(weight(Mail(signaling::WorkerMessage(relay))), 3 * kMuch);

  signaling::RoomRequest request;
  request.payload = text;
  EXPECT_GE(weight(Mail(signaling::WorkerMessage(request))), kMuch);

  mail::FromClient from_client;
  from_client.data = text;
  EXPECT_GE(weight(Mail(from_client)), kMuch);
}

}  // namespace
}  // namespace heliograph::gateway
