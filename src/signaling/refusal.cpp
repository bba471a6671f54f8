#include "signaling/refusal.hpp"

#include "base/json.hpp"
#include "base/utf8.hpp"

namespace heliograph::signaling {
namespace {

// Members of an object, in the order of the calls. Those that are empty or 0 are left out.
class Members {
 public:
  explicit Members(std::string& out) : out_(out) {}
  Members& text(std::string_view name, std::string_view value) {
    if (value.empty()) return *this;
    key(name);
    json::append_string(out_, value);
    return *this;
  }
  Members& number(std::string_view name, std::uint64_t value) {
    if (value == 0) return *this;
    key(name);
    out_ += std::to_string(value);
    return *this;
  }

 private:
  void key(std::string_view name) {
    if (out_.back() != '{') out_ += ',';
    out_.append("\"").append(name).append("\":");
  }
  std::string& out_;
};

// A name as the client wrote it, cut to what a room's name may have.
std::string_view cut(std::string_view name) {
  constexpr std::size_t kMostBytes = 255;
  return base::utf8_prefix(name, kMostBytes);
}

std::uint64_t milliseconds_of(const Refusal& refusal) {
  return refusal.retry_after ? static_cast<std::uint64_t>(refusal.retry_after->count()) : 0;
}

}  // namespace

std::string message_of(const Refusal& refusal) {
  if (refusal.problem.empty()) return std::string(text(refusal.error).message);
  std::string message = "\"";
  return message.append(refusal.field).append("\" ").append(refusal.problem);
}

std::string error_arguments(const Refusal& refusal) {
  std::string out = R"([{"ok":false,"error":{)";
  Members(out)
      .text("code", text(refusal.error).code)
      .text("message", message_of(refusal))
      .text("reason", refusal.reason)
      .text("field", refusal.field)
      .number("retry_after_ms", milliseconds_of(refusal));
  return out += "}}]";
}

bool is_rate_limited(std::string_view arguments) {
  constexpr std::string_view kCode = R"([{"ok":false,"error":{"code":"rate-limited")";
  return arguments.starts_with(kCode);
}

std::string error_arguments(Error error) { return error_arguments(Refusal{.error = error}); }

std::string request_error(const Refusal& refusal, const RefusedEvent& refused) {
  std::string out = R"(["request-error",{)";
  Members(out)
      .text("event", cut(refused.event))
      .text("code", text(refusal.error).code)
      .text("message", message_of(refusal))
      .text("reason", refusal.reason)
      .text("field", refusal.field)
      .text("room", cut(refused.room))
      .text("to", cut(refused.to))
      .number("retry_after_ms", milliseconds_of(refusal))
      .number("count", refused.count);
  return out += "}]";
}

}  // namespace heliograph::signaling
