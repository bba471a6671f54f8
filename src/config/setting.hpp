#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/config.hpp"

namespace heliograph::config {

// Least and most of a number, of a text or of each secret in bytes, of a duration in its unit, of a
// list in items.
struct Range {
  std::int64_t least = 0;
  std::int64_t most = 0;
};

template <typename T>
using Member = T& (*)(Config&);

// The place of a setting's value in a Config; its type says how the value is written.
using Field =
    std::variant<Member<std::string>, Member<auth::Secrets>, Member<bool>, Member<std::uint16_t>,
                 Member<unsigned>, Member<std::size_t>, Member<std::chrono::seconds>,
                 Member<std::chrono::milliseconds>, Member<std::vector<std::string>>,
                 Member<base::LogLevel>, Member<base::LogFormat>>;

enum class Group : std::uint8_t {
  kServer,
  kAccess,
  kIce,
  kDemo,
  kEngineIo,
  kLimits,
  kTimeouts,
  kCluster,
  kLog
};

// kHidden: messages do not show the value. kSecret: that, and production needs one of full length;
// in development mode it may be short, or made up.
enum class Secrecy : std::uint8_t { kNone, kHidden, kSecret };

// One row of the table that flags, environment, file, help and documentation are made from.
struct Setting {
  Group group;
  std::string_view flag;         // without its dashes; also the key in the file
  std::string_view environment;  // name of the variable
  std::string_view unit;         // stands for the value in the help
  std::string_view help;
  Field field;
  Range range = {};
  // The allowed values, if the field's type and range do not say it.
  std::string_view allowed = {};
  // Whether a text, or an item of a list, is allowed; nullptr if only its length matters.
  bool (*check)(std::string_view text) = nullptr;
  // The problem with a text that `check` refuses, if that takes a closer look; empty if there is
  // none.
  std::string (*explain)(std::string_view text) = nullptr;
  // Whether the text may stand in a file of its own, of which the path is given.
  bool may_be_path = false;
  Secrecy secrecy = Secrecy::kNone;
  // Names that it had before, and that still count; empty if it always had this one.
  std::string_view former_flag = {};
  std::string_view former_environment = {};
};

// The table, in the order of the help.
std::span<const Setting> settings();

// The row of this flag, named without its dashes, by its former name too; nullptr if there is none.
const Setting* setting_of_key(std::string_view key);

// The row of this variable, by its former name too; nullptr if there is none.
const Setting* setting_of_variable(std::string_view name);

std::string_view title_of(Group group);

// In words: "a whole number from 0 to 65535".
std::string allowed(const Setting& setting);

// Puts the value written as `text` into its field, or returns false and leaves it alone. In
// development mode a secret may be short.
bool assign(Config& config, const Setting& setting, std::string_view text);

// The field's value as `assign` reads it.
std::string value_of(Config& config, const Setting& setting);

}  // namespace heliograph::config
