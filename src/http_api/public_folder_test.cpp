#include "http_api/public_folder.hpp"

#include <filesystem>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/testing/temporary_folder.hpp"

namespace heliograph::http_api {
namespace {

namespace fs = std::filesystem;

// Both ways to read a file keep to the same rules.
using Reader = FileResult (*)(const std::string&, std::string_view);

class PublicFolderTest : public testing::TestWithParam<Reader> {
 protected:
  PublicFolderTest() {
    write("demo.html", "<p>demo</p>");
    write("css/demo.css", "p{}");
    outside_.write("secret.txt", "secret");
    outside_.write("public-too", "secret");
  }

  void write(const fs::path& name, std::string_view text) const {
    outside_.write("public" / name, text);
  }

  // The file's bytes, or the status of its refusal.
  std::string read(std::string_view path) const {
    const FileResult result = GetParam()(folder_, path);
    if (const auto* error = std::get_if<http::Error>(&result)) return std::to_string(error->status);
    return std::get<std::string>(result);
  }

  const base::TemporaryFolder outside_;
  const fs::path folder_ = outside_.path() / "public";
};

INSTANTIATE_TEST_SUITE_P(Readers, PublicFolderTest,
                         testing::Values(&read_public_file, &read_public_file_resolved),
                         [](const auto& reader) {
                           return reader.param == &read_public_file ? "Openat2" : "Resolved";
                         });

TEST_P(PublicFolderTest, ReadsFiles) {
  EXPECT_EQ(read("/demo.html"), "<p>demo</p>");
  EXPECT_EQ(read("/css/demo.css"), "p{}");
}

TEST_P(PublicFolderTest, ReadsFilesOfEverySizeWhole) {
  write("empty", "");
  EXPECT_EQ(read("/empty"), "");
  const std::string large(300'000, 'x');
  write("large", large);
  EXPECT_EQ(read("/large"), large);
}

TEST_P(PublicFolderTest, DoesNotFindWhatIsNoFile) {
  EXPECT_EQ(read("/missing.html"), "404");
  EXPECT_EQ(read("/css"), "404");
  EXPECT_EQ(read("/demo.html/x"), "404");
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(read("/pipe"), "404");
}

TEST_P(PublicFolderTest, FollowsLinksThatStayInside) {
  fs::create_symlink("css/demo.css", folder_ / "link.css");
  fs::create_directory_symlink("css", folder_ / "styles");
  EXPECT_EQ(read("/link.css"), "p{}");
  EXPECT_EQ(read("/styles/demo.css"), "p{}");
}

TEST_P(PublicFolderTest, FollowsNoLinkToTheOutside) {
  fs::create_symlink(outside_.path() / "secret.txt", folder_ / "absolute");
  fs::create_symlink("../secret.txt", folder_ / "relative");
  fs::create_symlink("../public-too", folder_ / "same-beginning");
  fs::create_directory_symlink("..", folder_ / "up");
  fs::create_symlink("/proc/self/environ", folder_ / "process");
  EXPECT_EQ(read("/absolute"), "404");
  EXPECT_EQ(read("/relative"), "404");
  EXPECT_EQ(read("/same-beginning"), "404");
  EXPECT_EQ(read("/up/secret.txt"), "404");
  EXPECT_EQ(read("/process"), "404");
}

// The router refuses such paths itself; this holds even if it did not.
TEST_P(PublicFolderTest, IsNotLeftByDots) {
  EXPECT_EQ(read("/../secret.txt"), "404");
  EXPECT_EQ(read("/css/../../secret.txt"), "404");
  EXPECT_EQ(read("/" + (outside_.path() / "secret.txt").string()), "404");
}

TEST_P(PublicFolderTest, MayItselfBeALink) {
  fs::create_directory_symlink("public", outside_.path() / "current");
  const FileResult result = GetParam()(outside_.path() / "current", "/demo.html");
  ASSERT_TRUE(std::holds_alternative<std::string>(result));
  EXPECT_EQ(std::get<std::string>(result), "<p>demo</p>");
}

TEST_P(PublicFolderTest, FindsNothingInAFolderThatIsGone) {
  fs::remove_all(folder_);
  EXPECT_EQ(read("/demo.html"), "404");
}

TEST_P(PublicFolderTest, RefusesFilesTooLargeForMemory) {
  write("huge", "");
  fs::resize_file(folder_ / "huge", kMaxFileBytes + 1);
  EXPECT_EQ(read("/huge"), "500");
  fs::resize_file(folder_ / "huge", kMaxFileBytes);
  EXPECT_EQ(read("/huge").size(), kMaxFileBytes);
}

TEST(IsPlainPath, AcceptsNamesOfFiles) {
  EXPECT_TRUE(is_plain_path("/demo.html"));
  EXPECT_TRUE(is_plain_path("/a/b/c d"));
  EXPECT_TRUE(is_plain_path("/a..b/c."));
  EXPECT_TRUE(is_plain_path("/grüße.html"));
}

TEST(IsPlainPath, RefusesAllElse) {
  using namespace std::string_view_literals;
  for (const std::string_view path :
       {""sv, "/"sv, "demo.html"sv, "//"sv, "//etc/passwd"sv, "/a//b"sv, "/a/"sv, "/."sv, "/.."sv,
        "/../a"sv, "/a/../b"sv, "/a/.."sv, "/.git/config"sv, "/a/.env"sv, "/a\\..\\b"sv,
        "/a\0.html"sv, "/a\nb"sv, "/a\x7f"sv}) {
    EXPECT_FALSE(is_plain_path(path)) << path;
  }
}

}  // namespace
}  // namespace heliograph::http_api
