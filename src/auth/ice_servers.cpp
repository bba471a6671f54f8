#include "auth/ice_servers.hpp"

#include "auth/turn.hpp"
#include "base/json.hpp"

namespace heliograph::auth {

namespace {

// What stands between the brackets of a JSON array, without the white space outside its strings.
std::string elements_of(std::string_view array) {
  std::string elements;
  bool in_string = false;
  bool escaped = false;
  for (const char c : array) {
    if (in_string || std::string_view(" \t\r\n").find(c) == std::string_view::npos) elements += c;
    if (c == '"' && !escaped) in_string = !in_string;
    escaped = in_string && c == '\\' && !escaped;
  }
  return elements.size() < 2 ? "" : elements.substr(1, elements.size() - 2);
}

std::string array_of(const std::vector<std::string>& texts) {
  std::string array;
  for (const std::string& text : texts) {
    array += array.empty() ? '[' : ',';
    json::append_string(array, text);
  }
  return array + ']';
}

}  // namespace

std::string turn_user_name(const base::IpAddress& limited_address, std::string_view peer) {
  if (limited_address == base::IpAddress{}) return std::string(peer);
  const base::IpAddress counted = base::counted_as(limited_address);
  return {reinterpret_cast<const char*>(counted.bytes.data()), counted.bytes.size()};
}

IceServers::IceServers(std::string_view others, const TurnServers& turn) {
  const std::string elements = elements_of(others);
  if (turn.urls.empty()) {
    if (!elements.empty()) begin_ = '[' + elements + ']';
    return;
  }
  begin_ = '[' + elements + (elements.empty() ? "" : ",") + R"({"urls":)" + array_of(turn.urls) +
           R"(,"username":)";
  secret_ = turn.secrets.front();
  lifetime_ = turn.lifetime;
}

std::string IceServers::for_user(std::string_view app, std::string_view user,
                                 std::int64_t now) const {
  std::string array = begin_;
  if (!lifetime_) return array;
  const TurnCredential turn =
      turn_credential(secret_, turn_user(secret_, app, user), now + lifetime_->count());
  json::append_string(array, turn.username);
  array += R"(,"credential":)";
  json::append_string(array, turn.credential);
  array += "}]";
  return array;
}

}  // namespace heliograph::auth
