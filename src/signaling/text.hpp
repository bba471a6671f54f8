#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace heliograph::signaling {

/// The characters of a JSON string: a view into the message if it holds no escape, else a copy.
class Text {
 public:
  /// Nothing if the value is no string, or none that UTF-8 can hold (a lone surrogate).
  static std::optional<Text> from(const json::Value& value);
  std::string_view view() const { return decoded_ ? std::string_view(*decoded_) : plain_; }

 private:
  std::string_view plain_;
  std::unique_ptr<const std::string> decoded_;  // null if it is plain; cheap to move so
};

/// A JSON value as it came, passed through byte for byte; empty if the field was absent.
using Raw = std::string_view;

}  // namespace heliograph::signaling
