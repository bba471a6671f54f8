#include <ostream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.hpp"

namespace heliograph::json {

bool operator==(const Value& a, const Value& b) { return a.text == b.text && a.kind == b.kind; }
bool operator==(const Member& a, const Member& b) { return a.name == b.name && a.value == b.value; }
std::ostream& operator<<(std::ostream& out, const Value& value) { return out << value.text; }
std::ostream& operator<<(std::ostream& out, const Member& member) {
  return out << member.name << ": " << member.value;
}

namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pointee;

constexpr unsigned kDepth = 32;

// An outline together with the text that its views point into.
struct Outlined {
  explicit Outlined(std::string source)
      : text(std::move(source)), status(outline.parse(text, kDepth)) {}

  std::vector<Value> values() const {
    std::vector<Value> all;
    for (const Element& element : outline.elements()) all.push_back(element.value);
    return all;
  }
  std::vector<Member> members(std::size_t element) const {
    const auto all = outline.members(outline.elements()[element]);
    return {all.begin(), all.end()};
  }
  const Value* find(std::string_view name) const {
    return outline.find(outline.elements()[0], name);
  }

  std::string text;
  Outline outline;
  Status status;
};

TEST(JsonOutline, ARootArrayShowsItsElements) {
  const Outlined json(R"( [ "event" , {"a":1} , [2,3] , 4.5 , true , false , null ] )");
  ASSERT_EQ(json.status, Status::kOk);
  EXPECT_EQ(json.outline.root(), Kind::kArray);
  EXPECT_THAT(json.values(),
              ElementsAre(Value{R"("event")", Kind::kString}, Value{R"({"a":1})", Kind::kObject},
                          Value{"[2,3]", Kind::kArray}, Value{"4.5", Kind::kNumber},
                          Value{"true", Kind::kTrue}, Value{"false", Kind::kFalse},
                          Value{"null", Kind::kNull}));
}

TEST(JsonOutline, AnyOtherRootIsItsOnlyElement) {
  const struct {
    const char* text;
    Kind kind;
  } cases[] = {{R"({"a":[1]})", Kind::kObject}, {R"("a")", Kind::kString}, {"-1", Kind::kNumber},
               {"true", Kind::kTrue},           {"false", Kind::kFalse},   {"null", Kind::kNull}};
  for (const auto& [text, kind] : cases) {
    const Outlined json(std::string(" \t") + text + "\n");
    ASSERT_EQ(json.status, Status::kOk) << text;
    EXPECT_EQ(json.outline.root(), kind);
    EXPECT_THAT(json.values(), ElementsAre(Value{text, kind}));
  }
}

TEST(JsonOutline, AnEmptyArrayHasNoElements) {
  const Outlined json("[ ]");
  EXPECT_EQ(json.status, Status::kOk);
  EXPECT_EQ(json.outline.root(), Kind::kArray);
  EXPECT_THAT(json.values(), IsEmpty());
}

TEST(JsonOutline, ElementsThatAreObjectsShowTheirMembers) {
  const Outlined json(R"([{"a":1,"b":"x"},7,{},{ "c" : { "d" : [ ] } , "e" : null }])");
  ASSERT_EQ(json.status, Status::kOk);
  EXPECT_THAT(json.members(0), ElementsAre(Member{"a", {"1", Kind::kNumber}},
                                           Member{"b", {R"("x")", Kind::kString}}));
  EXPECT_THAT(json.members(1), IsEmpty());
  EXPECT_THAT(json.members(2), IsEmpty());
  EXPECT_THAT(json.members(3), ElementsAre(Member{"c", {R"({ "d" : [ ] })", Kind::kObject}},
                                           Member{"e", {"null", Kind::kNull}}));
}

TEST(JsonOutline, ObjectsFurtherInsideAreNotOutlined) {
  const Outlined json(R"([[{"hidden":1}],{"shown":{"hidden":2}}])");
  ASSERT_EQ(json.status, Status::kOk);
  EXPECT_THAT(json.members(0), IsEmpty());
  EXPECT_THAT(json.members(1), ElementsAre(Member{"shown", {R"({"hidden":2})", Kind::kObject}}));
}

TEST(JsonOutline, ARootObjectShowsItsMembers) {
  const Outlined json(R"({"token":"t","n":1})");
  ASSERT_EQ(json.status, Status::kOk);
  EXPECT_THAT(json.members(0), ElementsAre(Member{"token", {R"("t")", Kind::kString}},
                                           Member{"n", {"1", Kind::kNumber}}));
}

TEST(JsonOutline, FindsMembersByName) {
  const Outlined json(R"({"to":"a","room":"b","":"c","to2":"d"})");
  EXPECT_THAT(json.find("to"), Pointee(Value{R"("a")", Kind::kString}));
  EXPECT_THAT(json.find("room"), Pointee(Value{R"("b")", Kind::kString}));
  EXPECT_THAT(json.find(""), Pointee(Value{R"("c")", Kind::kString}));
  for (const char* absent : {"t", "to3", "To", "too", "token", "a"}) {
    EXPECT_EQ(json.find(absent), nullptr) << absent;
  }
}

TEST(JsonOutline, FindsNothingInWhatIsNoObject) {
  const Outlined json(R"(["a",{"a":1}])");
  EXPECT_EQ(json.outline.find(json.outline.elements()[0], "a"), nullptr);
  EXPECT_THAT(json.outline.find(json.outline.elements()[1], "a"),
              Pointee(Value{"1", Kind::kNumber}));
}

TEST(JsonOutline, FindsEachElementsOwnMembers) {
  const Outlined json(R"([{"a":1},{"a":2},{"b":3}])");
  const auto elements = json.outline.elements();
  EXPECT_EQ(json.outline.find(elements[0], "a")->text, "1");
  EXPECT_EQ(json.outline.find(elements[1], "a")->text, "2");
  EXPECT_EQ(json.outline.find(elements[2], "a"), nullptr);
  EXPECT_EQ(json.outline.find(elements[0], "b"), nullptr);
}

TEST(JsonOutline, TheLastOfDuplicatesWins) {
  EXPECT_EQ(Outlined(R"({"a":1,"b":2,"a":3})").find("a")->text, "3");
  EXPECT_EQ(Outlined(R"({"a":1,"\u0061":2})").find("a")->text, "2");
  EXPECT_EQ(Outlined(R"({"\u0061":1,"a":2})").find("a")->text, "2");
}

TEST(JsonOutline, NamesCompareWithTheirEscapesDecoded) {
  EXPECT_EQ(Outlined(R"({"\u0074\u006f":1})").find("to")->text, "1");
  EXPECT_EQ(Outlined(R"({"t\/o":1})").find("t/o")->text, "1");
  EXPECT_EQ(Outlined(R"({"a\nb":1})").find("a\nb")->text, "1");
  EXPECT_EQ(Outlined(R"({"\ud83d\ude00":1})").find("\xf0\x9f\x98\x80")->text, "1");
  EXPECT_EQ(Outlined("{\"\xc3\xa9\":1}").find("\xc3\xa9")->text, "1");
  EXPECT_EQ(Outlined(R"({"\u00e9":1})").find("\xc3\xa9")->text, "1");
}

TEST(JsonOutline, TheSpellingOfAnEscapedNameIsNotItsName) {
  EXPECT_EQ(Outlined(R"({"a\nb":1})").find("a\\nb"), nullptr);
  EXPECT_EQ(Outlined(R"({"a\\nb":1})").find("a\\nb")->text, "1");
  EXPECT_EQ(Outlined(R"({"\ud83d":1})").find("\\ud83d"), nullptr);
  EXPECT_EQ(Outlined(R"({"\u0074\u006f":1})").find("room"), nullptr);
}

TEST(JsonOutline, AFailureLeavesNoElements) {
  Outline outline;
  ASSERT_EQ(outline.parse(R"(["a",{"b":1}])", kDepth), Status::kOk);
  for (const char* text :
       {R"(["a",{"b":1})", R"(["a",{"b":1}]])", R"(["a",{"b":1},x])", "", "[1,2,]"}) {
    EXPECT_EQ(outline.parse(text, kDepth), Status::kSyntax) << text;
    EXPECT_THAT(outline.elements(), IsEmpty());
    EXPECT_EQ(outline.root(), Kind::kNull);
  }
}

TEST(JsonOutline, IsReusedFromTextToText) {
  Outline outline;
  ASSERT_EQ(outline.parse(R"([1,{"a":1,"b":2},3])", kDepth), Status::kOk);
  ASSERT_EQ(outline.parse(R"({"c":4})", kDepth), Status::kOk);
  ASSERT_EQ(outline.elements().size(), 1u);
  EXPECT_EQ(outline.members(outline.elements()[0]).size(), 1u);
  EXPECT_EQ(outline.find(outline.elements()[0], "c")->text, "4");
  EXPECT_EQ(outline.find(outline.elements()[0], "a"), nullptr);
}

TEST(JsonOutline, GrowsForManyElementsAndServesOnAfterwards) {
  std::string many = "[";
  for (int i = 0; i < 5000; ++i) many += R"({"a":0},)";
  many += R"({"last":1}])";
  Outline outline;
  ASSERT_EQ(outline.parse(many, kDepth), Status::kOk);
  ASSERT_EQ(outline.elements().size(), 5001u);
  EXPECT_EQ(outline.find(outline.elements()[5000], "last")->text, "1");
  ASSERT_EQ(outline.parse("[7]", kDepth), Status::kOk);
  EXPECT_EQ(outline.elements()[0].value.text, "7");
}

TEST(JsonOutline, JudgesDepthAndSyntaxAsValidateDoes) {
  const char* texts[] = {"[]",
                         "[[]]",
                         "[[[]]]",
                         "{}",
                         "{\"a\":{}}",
                         "[{}]",
                         "[{\"a\":[]}]",
                         "[[1],{\"a\":1}]",
                         "{\"a\":[{}]}",
                         "[1,]",
                         "{\"a\":}",
                         "[{\"a\"}]",
                         "[{,}]",
                         "[{\"a\":1,}]",
                         "[}",
                         "[{]",
                         "{",
                         "[{",
                         "[{\"a\":]",
                         "{]",
                         "[1]x",
                         "1",
                         "\"a",
                         ""};
  Outline outline;
  for (const char* text : texts) {
    for (unsigned depth = 0; depth < 5; ++depth) {
      EXPECT_EQ(outline.parse(text, depth), validate(text, depth)) << text << " at " << depth;
    }
  }
}

TEST(JsonOutline, EveryBeginningOfATextFails) {
  const std::string text = R"( ["name",{"a":{"b":[1,"\u00e9"]},"c":"d"},-1.5e3,[true,null]])";
  Outline outline;
  ASSERT_EQ(outline.parse(text, kDepth), Status::kOk);
  for (std::size_t size = 0; size < text.size(); ++size) {
    const std::string beginning = text.substr(0, size);
    EXPECT_EQ(outline.parse(beginning, kDepth), Status::kSyntax) << beginning;
  }
}

}  // namespace
}  // namespace heliograph::json
