#include "config/setting.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <concepts>
#include <utility>

#include "base/text.hpp"
#include "config/checks.hpp"

namespace heliograph::config {

namespace {

constexpr std::array<std::string_view, 5> kLevels{"debug", "info", "warn", "error", "off"};
constexpr std::array<std::string_view, 2> kFormats{"text", "json"};
constexpr std::array<std::string_view, 2> kSwitch{"off", "on"};

template <typename T>
concept Number = std::unsigned_integral<T> && !std::same_as<T, bool>;
template <typename T>
concept Duration =
    std::same_as<T, std::chrono::seconds> || std::same_as<T, std::chrono::milliseconds>;

// The place of `name` among `names`, in the order of the type's values.
template <typename T>
bool assign_name(T& field, std::string_view name, std::span<const std::string_view> names) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return false;
  field = static_cast<T>(found - names.begin());
  return true;
}

std::optional<std::int64_t> number_within(std::string_view text, Range range) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  if (number < range.least || number > range.most) return std::nullopt;
  return number;
}

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> items;
  for (bool is_last = false; !is_last;) {
    is_last = list.find(',') == std::string_view::npos;
    items.emplace_back(base::trim(base::cut_first(list, ',')));
  }
  return items;
}

bool is_length_allowed(std::size_t size, Range range, bool any) {
  const auto length = static_cast<std::int64_t>(size);
  return length >= (any ? 1 : range.least) && length <= range.most;
}

bool are_lengths_allowed(const auth::Secrets& secrets, Range range, bool any) {
  return is_length_allowed(secrets.signing.size(), range, any) &&
         (secrets.other.empty() || is_length_allowed(secrets.other.size(), range, any));
}

}  // namespace

bool assign(Config& config, const Setting& setting, std::string_view text) {
  const bool any_length = setting.secrecy == Secrecy::kSecret && config.dev;
  const auto put = [&]<typename T>(Member<T> member) {
    T& field = member(config);
    if constexpr (std::same_as<T, std::string>) {
      if (!is_length_allowed(text.size(), setting.range, any_length)) return false;
      if (setting.check != nullptr && !setting.check(text)) return false;
      field = text;
      return true;
    } else if constexpr (std::same_as<T, auth::Secrets>) {
      const std::optional<auth::Secrets> secrets = parse_secrets(text);
      if (!secrets || !are_lengths_allowed(*secrets, setting.range, any_length)) return false;
      field = *secrets;
      return true;
    } else if constexpr (std::same_as<T, std::vector<std::string>>) {
      std::vector<std::string> items = split(text);
      if (!is_length_allowed(items.size(), setting.range, false)) return false;
      if (!std::ranges::all_of(items, setting.check)) return false;
      field = std::move(items);
      return true;
    } else if constexpr (std::same_as<T, base::LogLevel>) {
      return assign_name(field, text, kLevels);
    } else if constexpr (std::same_as<T, base::LogFormat>) {
      return assign_name(field, text, kFormats);
    } else if constexpr (std::same_as<T, bool>) {
      return assign_name(field, text, kSwitch);
    } else {
      const std::optional<std::int64_t> number = number_within(text, setting.range);
      if (!number) return false;
      field = static_cast<T>(*number);
      return true;
    }
  };
  return std::visit(put, setting.field);
}

std::string value_of(Config& config, const Setting& setting) {
  const auto get = [&]<typename T>(Member<T> member) -> std::string {
    const T& field = member(config);
    if constexpr (std::same_as<T, std::string>) {
      return field;
    } else if constexpr (std::same_as<T, auth::Secrets>) {
      return field.signing + (field.other.empty() ? "" : ',' + field.other);
    } else if constexpr (std::same_as<T, std::vector<std::string>>) {
      std::string list;
      for (const std::string& item : field) list += (list.empty() ? "" : ",") + item;
      return list;
    } else if constexpr (std::same_as<T, base::LogLevel>) {
      return std::string(kLevels[static_cast<std::size_t>(field)]);
    } else if constexpr (std::same_as<T, base::LogFormat>) {
      return std::string(kFormats[static_cast<std::size_t>(field)]);
    } else if constexpr (std::same_as<T, bool>) {
      return std::string(kSwitch[field ? 1 : 0]);
    } else if constexpr (Duration<T>) {
      return std::to_string(field.count());
    } else {
      return std::to_string(field);
    }
  };
  return std::visit(get, setting.field);
}

std::string allowed(const Setting& setting) {
  const auto describe = [&]<typename T>(Member<T>) -> std::string {
    const std::string range = " from " + std::to_string(setting.range.least) + " to " +
                              std::to_string(setting.range.most);
    if constexpr (std::same_as<T, std::string> || std::same_as<T, auth::Secrets> ||
                  std::same_as<T, std::vector<std::string>>) {
      return std::string(setting.allowed);
    } else if constexpr (std::same_as<T, base::LogLevel>) {
      return "debug, info, warn, error or off";
    } else if constexpr (std::same_as<T, base::LogFormat>) {
      return "text or json";
    } else if constexpr (std::same_as<T, bool>) {
      return "on or off";
    } else {
      return "a whole number" + range;
    }
  };
  return std::visit(describe, setting.field);
}

const Setting* setting_of_key(std::string_view key) {
  const auto is_named = [&](const Setting& setting) {
    return !key.empty() && (setting.flag == key || setting.former_flag == key);
  };
  const auto found = std::ranges::find_if(settings(), is_named);
  return found != settings().end() ? &*found : nullptr;
}

const Setting* setting_of_variable(std::string_view name) {
  const auto is_named = [&](const Setting& setting) {
    return !name.empty() && (setting.environment == name || setting.former_environment == name);
  };
  const auto found = std::ranges::find_if(settings(), is_named);
  return found != settings().end() ? &*found : nullptr;
}

}  // namespace heliograph::config
