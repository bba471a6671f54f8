#include "commands/setup.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <variant>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth/crypto.hpp"
#include "config/environment_file.hpp"
#include "config/text_file.hpp"

namespace heliograph::commands {

namespace {

namespace fs = std::filesystem;

struct Secret {
  std::string_view name;
  std::size_t random_bytes;
};
constexpr std::array kSecrets{Secret{"APP_SECRET", 32}, Secret{"APP_PASS", 16}};

constexpr const char* kGroup = "heliograph";

[[noreturn]] void fail(const std::string& what) {
  const bool needs_root = errno == EACCES && ::geteuid() != 0;
  throw std::system_error(errno, std::generic_category(),
                          needs_root ? what + " (root may write there)" : what);
}

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { ::close(descriptor_); }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

// Two of these commands at once would each write a secret, and one of the two would be lost.
File lock(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) fail(folder.string());
  if (::flock(descriptor, LOCK_EX) != 0) {
    ::close(descriptor);
    fail(folder.string());
  }
  return File(descriptor);
}

void write_all(int descriptor, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(path);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

struct Access {
  uid_t owner = static_cast<uid_t>(-1);  // as it is
  gid_t group = static_cast<gid_t>(-1);
  mode_t mode = S_IRUSR | S_IWUSR | S_IRGRP;
};

Access access_of(const fs::path& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) == 0) {
    return {status.st_uid, status.st_gid, status.st_mode & (S_IRWXU | S_IRWXG)};
  }
  Access access;
  struct group group{};
  struct group* found = nullptr;
  std::array<char, 4096> texts{};
  ::getgrnam_r(kGroup, &group, texts.data(), texts.size(), &found);
  if (found && ::geteuid() == 0) access.group = found->gr_gid;
  return access;
}

// A reader sees the old text or the new one.
void replace(const fs::path& path, std::string_view text) {
  const Access access = access_of(path);
  std::string name = path.string() + ".XXXXXX";
  const File file(::mkostemp(name.data(), O_CLOEXEC));
  if (file.descriptor() < 0) fail(path.string());
  try {
    if (::fchown(file.descriptor(), access.owner, access.group) != 0 ||
        ::fchmod(file.descriptor(), access.mode) != 0) {
      fail(path.string());
    }
    write_all(file.descriptor(), text, path.string());
    if (::fsync(file.descriptor()) != 0) fail(path.string());
    fs::rename(name, path);
  } catch (...) {
    ::unlink(name.c_str());
    throw;
  }
}

bool has_value(const std::vector<config::FileEntry>& lines, std::string_view name) {
  bool has = false;
  for (const config::FileEntry& line : lines) has |= line.key == name && !line.text.empty();
  return has;
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

std::string next_steps(const config::WriteSecrets& setup) {
  const bool is_usual = setup.environment_file == config::kEnvironmentFile;
  const std::string file = " --environment-file " + setup.environment_file;
  const std::string url = setup.public_url.value_or("https://" + host_name());
  return fmt::format(
      R"(Next:
  1. Start the server:
       {}
  2. Make an app token, or let your back end ask for one by POST /app with APP_PASS:
       heliograph token --app my-app{}
  3. Put a proxy with a certificate in front (docs/deploy.md has one for nginx); then clients
     connect with the token to
       {}
)",
      is_usual ? "systemctl enable --now heliograph" : "heliograph" + file, is_usual ? "" : file,
      url);
}

// The names of the secrets that were written.
std::string fill(const fs::path& path) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const File locked = lock(folder);
  std::string text;
  if (fs::exists(path)) {
    auto found = config::read_text(path.string());
    if (!found) throw std::runtime_error(fmt::format("{}: cannot be read", path.string()));
    text = *std::move(found);
  }
  const auto lines = config::parse_environment_file(text);
  for (const config::FileEntry& line : lines) {
    if (line.problem.empty()) continue;
    throw std::runtime_error(fmt::format("{}:{}: {}", path.string(), line.line, line.problem));
  }
  std::string written;
  for (const Secret& secret : kSecrets) {
    if (has_value(lines, secret.name)) continue;
    text = config::with_value(text, secret.name, auth::random_hex(secret.random_bytes));
    written.append(written.empty() ? "" : " and ").append(secret.name);
  }
  if (!written.empty()) replace(path, text);
  return written;
}

// Why the server would not start with this file, a line each.
std::string problems_of(const std::string& path) {
  const std::array arguments{"heliograph", "--check-config", "--environment-file", path.c_str()};
  const auto checked = config::load(static_cast<int>(arguments.size()), arguments.data(), {});
  const auto* const exit = std::get_if<config::Exit>(&checked);
  return exit && exit->code != EXIT_SUCCESS ? exit->err : std::string();
}

}  // namespace

config::Exit run(const config::WriteSecrets& setup) {
  try {
    // If the path is a link, its target is replaced. A link without a target is replaced itself.
    const fs::path path = fs::weakly_canonical(setup.environment_file);
    const std::string written = fill(path);
    const std::string done =
        written.empty()
            ? fmt::format("{} has both secrets; nothing was changed.\n", setup.environment_file)
            : fmt::format("Wrote {} into {}.\n", written, setup.environment_file);
    const std::string problems = problems_of(setup.environment_file);
    if (!problems.empty()) return {EXIT_FAILURE, done, problems};
    return {EXIT_SUCCESS, done + next_steps(setup), ""};
  } catch (const std::exception& error) {
    return {EXIT_FAILURE, "", fmt::format("heliograph: {}\n", error.what())};
  }
}

}  // namespace heliograph::commands
