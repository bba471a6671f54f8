#include "emitter/emission.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace heliograph::emitter {
namespace {

using nlohmann::json;
using signaling::Emission;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr socketio::DecoderLimits kLimits{.max_json_depth = 4, .max_event_bytes = 1'000};

std::string encoded(const json& value) {
  const std::vector<std::uint8_t> bytes = json::to_msgpack(value);
  return {bytes.begin(), bytes.end()};
}

// What the emitter publishes.
json message(json data,
             json options = {
                 {"rooms", json::array()}, {"flags", json::object()}, {"except", json::array()}}) {
  return {"emitter", {{"type", 2}, {"data", std::move(data)}, {"nsp", "/"}}, std::move(options)};
}

std::variant<Emission, NotTaken> read(const json& value) {
  return read_emission(encoded(value), kLimits);
}

Emission taken(const json& value) {
  auto result = read(value);
  if (const auto* reason = std::get_if<NotTaken>(&result)) {
    ADD_FAILURE() << text(*reason);
    return {};
  }
  return std::get<Emission>(std::move(result));
}

// Why it is not; "taken" where it is.
std::string_view refusal(const json& value) {
  const auto result = read(value);
  const auto* reason = std::get_if<NotTaken>(&result);
  return reason ? text(*reason) : "taken";
}

TEST(ReadEmission, IsTheEventAsAClientReceivesIt) {
  const Emission emission = taken(message({"news", {{"a", 1.5}, {"b", "\n"}}, nullptr, "last"}));
  EXPECT_EQ(emission.event, R"(["news",{"a":1.5,"b":"\n"},null,"last"])");
  EXPECT_EQ(emission.attachments, nullptr);
  EXPECT_THAT(emission.to, IsEmpty());
  EXPECT_THAT(emission.except, IsEmpty());
  EXPECT_EQ(taken(message({"alone"})).event, R"(["alone"])");
}

TEST(ReadEmission, KnowsRoomsAndExceptions) {
  const Emission emission =
      taken(message({"news"}, {{"rooms", {"a", "ü \"b\"", 42}}, {"except", {"c"}}}));
  EXPECT_THAT(emission.to, ElementsAre("a", "ü \"b\"", "42"));
  EXPECT_THAT(emission.except, ElementsAre("c"));
}

TEST(ReadEmission, IsForAllWhereNoRoomsAreGiven) {
  EXPECT_THAT(taken(message({"news"}, json::object())).to, IsEmpty());
  EXPECT_THAT(taken(message({"news"}, {{"rooms", nullptr}})).to, IsEmpty());
}

// Never for all only because nobody knows for whom.
TEST(ReadEmission, RefusesRoomsThatAreNone) {
  for (const char* text : {R"("a")", "{}", "[null]", R"([["a"]])", "[true]", R"(["a",{}])"}) {
    const json rooms = json::parse(text);
    EXPECT_EQ(refusal(message({"news"}, {{"rooms", rooms}})), "malformed") << rooms;
    EXPECT_EQ(refusal(message({"news"}, {{"except", rooms}})), "malformed") << rooms;
  }
}

TEST(ReadEmission, HasAttachmentsWhereItIsBinary) {
  const auto binary = [](std::vector<std::uint8_t> bytes) {
    return json::binary(std::move(bytes));
  };
  const Emission emission = taken(message({"file", {{"one", binary({1, 2})}}, binary({})}));
  EXPECT_EQ(emission.event, R"(["file",{"one":{"_placeholder":true,"num":0}},)"
                            R"({"_placeholder":true,"num":1}])");
  EXPECT_THAT(*emission.attachments, ElementsAre("\x01\x02", ""));
}

TEST(ReadEmission, RefusesAPlaceholderThatStandsForNothing) {
  const json forged{{"_placeholder", true}, {"num", 1}};
  EXPECT_EQ(refusal(message({"file", json::binary({1}), forged})), "malformed");
  EXPECT_EQ(refusal(message({"file", forged})), "taken") << "plain JSON to every client";
}

TEST(ReadEmission, LeavesOtherNamespacesAndOtherPacketsAlone) {
  json other = message({"news"});
  other[1]["nsp"] = "/chat";
  EXPECT_EQ(refusal(other), "another namespace");
  other[1]["nsp"] = nullptr;
  EXPECT_EQ(refusal(other), "another namespace");
  other[1].erase("nsp");
  EXPECT_EQ(refusal(other), "taken");
  for (const json& type : {json(0), json(1), json(3), json(5), json("2"), json(nullptr)}) {
    other[1]["type"] = type;
    EXPECT_EQ(refusal(other), "no event") << type;
  }
  other[1].erase("type");
  EXPECT_EQ(refusal(other), "no event");
}

// A client closes its connection over any of these.
TEST(ReadEmission, RefusesEventsThatNoClientTakes) {
  for (const char* data :
       {"[]", "[1]", "[null]", R"([["news"]])", R"(["connect"])", R"(["disconnect",1])",
        R"(["newListener"])", R"("news")", "5", "null", R"({"0":"news"})"}) {
    EXPECT_EQ(refusal(message(json::parse(data))), "malformed") << data;
  }
}

TEST(ReadEmission, RefusesWhatIsNoMessageAtAll) {
  for (const char* value :
       {"null", R"("emitter")", "[]", "{}", R"(["emitter"])",
        R"(["emitter",{"type":2,"data":["news"]}])", R"(["emitter","packet",{}])",
        R"(["emitter",null,{}])", R"(["emitter",{"type":2,"data":["news"]},[]])"}) {
    EXPECT_EQ(refusal(json::parse(value)), "malformed") << value;
  }
  EXPECT_EQ(std::get<NotTaken>(read_emission("", kLimits)), NotTaken::kMalformed);
  EXPECT_EQ(std::get<NotTaken>(read_emission("{\"type\":2}", kLimits)), NotTaken::kMalformed);
}

TEST(ReadEmission, RefusesEveryTruncation) {
  const std::string whole = encoded(message({"news", json::binary({1, 2, 3})}));
  ASSERT_TRUE(std::holds_alternative<Emission>(read_emission(whole, kLimits)));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto result = read_emission(std::string_view(whole).substr(0, size), kLimits);
    EXPECT_EQ(std::get<NotTaken>(result), NotTaken::kMalformed) << size;
  }
}

TEST(ReadEmission, KeepsToTheDepthOfEvents) {
  EXPECT_EQ(refusal(message(json::parse(R"(["news",[[[1]]]])"))), "taken");
  EXPECT_EQ(refusal(message(json::parse(R"(["news",[[[[1]]]]])"))), "nested too deep");
  EXPECT_EQ(refusal(message({"news"}, {{"rooms", json::parse("[[[[[[[]]]]]]]")}})),
            "nested too deep");
}

TEST(ReadEmission, KeepsToTheSizeOfEvents) {
  const auto sized = [](std::size_t size) { return message({"news", std::string(size, 'x')}); };
  EXPECT_EQ(refusal(sized(900)), "taken");
  EXPECT_EQ(refusal(sized(1'000)), "too large");
  EXPECT_EQ(refusal(sized(100'000)), "too large");
  const json bytes = json::binary(std::vector<std::uint8_t>(490));
  EXPECT_EQ(refusal(message({"file", bytes})), "taken");
  EXPECT_EQ(refusal(message({"file", bytes, bytes})), "too large");
  EXPECT_EQ(refusal(message({"file", std::string(600, 'x'), bytes})), "too large");
}

TEST(ReadEmission, HasRoomForManyRooms) {
  json rooms;
  for (int i = 0; i < 300; ++i) rooms.push_back("a room with a name " + std::to_string(i));
  EXPECT_THAT(taken(message({"news"}, {{"rooms", rooms}})).to, testing::SizeIs(300));
}

}  // namespace
}  // namespace heliograph::emitter
