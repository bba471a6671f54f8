#include "http_api/public_folder.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "http_api/errors.hpp"

namespace heliograph::http_api {

namespace {

// O_NONBLOCK: to open a pipe without a writer would wait for one.
constexpr int kReadFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

class Descriptor {
 public:
  explicit Descriptor(long number) : number_(static_cast<int>(number)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  bool is_open() const { return number_ >= 0; }
  int number() const { return number_; }

 private:
  int number_;
};

http::Error error_of_open(int error) {
  return error == EMFILE || error == ENFILE ? http::kUnavailable : http::kNotFound;
}

// To be called right after the open, for its errno.
FileResult read_all(const Descriptor& file) {
  if (!file.is_open()) return error_of_open(errno);
  struct stat status{};
  if (::fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode)) return http::kNotFound;
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > kMaxFileBytes) return kFileTooLarge;

  std::string bytes(size, '\0');
  std::size_t filled = 0;
  while (filled < size) {
    const ssize_t count = ::read(file.number(), bytes.data() + filled, size - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return http::kNotFound;
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  bytes.resize(filled);
  return bytes;
}

}  // namespace

bool is_plain_path(std::string_view path) {
  if (!path.starts_with('/')) return false;
  if (std::ranges::any_of(path, [](char c) {
        return static_cast<unsigned char>(c) < ' ' || c == '\x7f' || c == '\\';
      })) {
    return false;
  }
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    if (segment.empty() || segment.front() == '.') return false;
    path.remove_prefix(segment.size());
  }
  return true;
}

FileResult read_public_file(const std::string& folder, std::string_view path) {
  const std::string relative(path.substr(1));
  const Descriptor root(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root.is_open()) return error_of_open(errno);
  open_how how{};
  how.flags = kReadFlags;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const Descriptor file(::syscall(SYS_openat2, root.number(), relative.c_str(), &how, sizeof how));
  if (!file.is_open() && (errno == ENOSYS || errno == EPERM)) {
    return read_public_file_resolved(folder, path);
  }
  return read_all(file);
}

FileResult read_public_file_resolved(const std::string& folder, std::string_view path) {
  std::error_code error;
  const std::string root = std::filesystem::canonical(folder, error);
  if (error) return http::kNotFound;
  const std::string file = std::filesystem::canonical(folder + std::string(path), error);
  if (error || !file.starts_with(root == "/" ? root : root + '/')) return http::kNotFound;
  return read_all(Descriptor(::open(file.c_str(), kReadFlags | O_NOFOLLOW)));
}

}  // namespace heliograph::http_api
