#include "commands/setup.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/testing/temporary_folder.hpp"
#include "config/environment_file.hpp"

namespace heliograph::commands {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class SetupTest : public testing::Test {
 protected:
  config::Exit set_up() const { return run(config::WriteSecrets{path_, "https://talk.example"}); }
  std::string text() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string value(std::string_view name) const {
    std::string value;
    for (const auto& line : config::parse_environment_file(text())) {
      if (line.key == name) value = line.text;
    }
    return value;
  }
  mode_t mode() const {
    struct stat status{};
    EXPECT_EQ(::stat(path_.c_str(), &status), 0);
    return status.st_mode & 07777;
  }

  const base::TemporaryFolder folder_;
  const std::string path_ = folder_.path() / "environment";
};

TEST_F(SetupTest, WritesBothSecretsIntoANewFileThatOthersCannotRead) {
  const config::Exit exit = set_up();
  EXPECT_EQ(exit.code, 0) << exit.err;
  EXPECT_THAT(value("APP_SECRET"), SizeIs(64));
  EXPECT_THAT(value("APP_PASS"), SizeIs(32));
  EXPECT_EQ(mode(), 0640U);
}

TEST_F(SetupTest, ShowsNoSecretAndSaysHowToGoOn) {
  const config::Exit exit = set_up();
  EXPECT_THAT(exit.out, Not(HasSubstr(value("APP_SECRET"))));
  EXPECT_THAT(exit.out, Not(HasSubstr(value("APP_PASS"))));
  EXPECT_THAT(exit.out, HasSubstr("heliograph token --app"));
  EXPECT_THAT(exit.out, HasSubstr("https://talk.example"));
}

TEST_F(SetupTest, NeverOverwritesAValue) {
  folder_.write("environment", "# mine\nAPP_SECRET=\nAPP_PASS=\"chosen by me\"\nAPP_PORT=1234\n");
  ::chmod(path_.c_str(), 0600);
  EXPECT_EQ(set_up().code, 0);
  EXPECT_THAT(text(), HasSubstr("# mine\nAPP_SECRET="));
  EXPECT_THAT(text(), HasSubstr("APP_PASS=\"chosen by me\"\nAPP_PORT=1234\n"));
  EXPECT_EQ(mode(), 0600U);
  const std::string before = text();
  const config::Exit again = set_up();
  EXPECT_THAT(again.out, HasSubstr("nothing was changed"));
  EXPECT_EQ(text(), before);
}

TEST_F(SetupTest, TakesFromOthersTheRightToReadTheFile) {
  folder_.write("environment", "APP_SECRET=\n");
  ::chmod(path_.c_str(), 0644);
  EXPECT_EQ(set_up().code, 0);
  EXPECT_EQ(mode(), 0640U);
}

TEST_F(SetupTest, LeavesAFolderAlone) {
  std::filesystem::create_directory(path_);
  const config::Exit exit = set_up();
  EXPECT_EQ(exit.code, 1);
  EXPECT_THAT(exit.err, HasSubstr("cannot be read"));
}

TEST_F(SetupTest, SaysWhyTheServerWouldNotStartAllTheSame) {
  folder_.write("environment", "APP_SECRET=short\nTRUSTED_PROXYS=::1\n");
  const config::Exit exit = set_up();
  EXPECT_EQ(exit.code, 1);
  EXPECT_THAT(exit.err, HasSubstr("environment:1: APP_SECRET: must be 32 bytes or more"));
  EXPECT_THAT(exit.err, HasSubstr("did you mean TRUSTED_PROXIES?"));
  EXPECT_THAT(value("APP_PASS"), SizeIs(32));
}

TEST_F(SetupTest, LeavesAFileAloneThatItDoesNotUnderstand) {
  folder_.write("environment", "APP_SECRET=\nexport APP_PASS=x\n");
  const std::string before = text();
  const config::Exit exit = set_up();
  EXPECT_EQ(exit.code, 1);
  EXPECT_THAT(exit.err, HasSubstr("environment:2: "));
  EXPECT_EQ(text(), before);
}

TEST_F(SetupTest, ReplacesTheFileThatALinkPointsTo) {
  folder_.write("real", "APP_SECRET=\n");
  std::filesystem::create_symlink(folder_.path() / "real", path_);
  EXPECT_EQ(set_up().code, 0);
  EXPECT_TRUE(std::filesystem::is_symlink(path_));
  EXPECT_THAT(value("APP_SECRET"), SizeIs(64));
}

TEST_F(SetupTest, SaysWhichFolderIsMissing) {
  const config::Exit exit = run(config::WriteSecrets{folder_.path() / "none" / "environment", {}});
  EXPECT_EQ(exit.code, 1);
  EXPECT_THAT(exit.out, IsEmpty());
  EXPECT_THAT(exit.err, HasSubstr("none: No such file"));
}

}  // namespace
}  // namespace heliograph::commands
