#include "signaling/command_context.hpp"

#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "signaling/testing/recording_outbox.hpp"

namespace heliograph::signaling {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CommandContextTest : public testing::Test {
 protected:
  void refuse_it() {
    refuse(outbox_, {}, context_, {.error = Error::kNotInRoom},
           {.event = context_.refused_as, .room = "north"});
  }
  RecordingOutbox outbox_;
  CommandContext context_{.payload = {}, .attachments = {}, .ack = {}, .now = {}};
};

TEST_F(CommandContextTest, ARefusalIsToldByTheAcknowledgementIfThereIsOne) {
  context_.ack = 7;
  context_.refused_as = "relay-message";
  refuse_it();
  EXPECT_THAT(outbox_.answers, ElementsAre(HasSubstr("not-in-room")));
  EXPECT_THAT(outbox_.events, IsEmpty());
}

TEST_F(CommandContextTest, ARefusalIsToldByARequestErrorElse) {
  context_.refused_as = "relay-message";
  refuse_it();
  EXPECT_THAT(outbox_.events,
              ElementsAre(AllOf(HasSubstr("request-error"), HasSubstr(R"("room":"north")"))));
}

TEST_F(CommandContextTest, ARefusalThatIsToldByAnotherEventIsNotToldAgain) {
  refuse_it();
  EXPECT_THAT(outbox_.answers, IsEmpty());
  EXPECT_THAT(outbox_.events, IsEmpty());
}

TEST_F(CommandContextTest, PayloadAndAttachmentsCountTogether) {
  context_.payload = "12345";
  context_.attachments = std::make_shared<const std::vector<std::string>>(2, "123");
  EXPECT_EQ(context_.bytes(), 11U);
}

}  // namespace
}  // namespace heliograph::signaling
