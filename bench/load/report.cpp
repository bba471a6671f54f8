#include "load/report.hpp"

#include <cstdio>

namespace heliograph::load {

void Report::add(std::string_view prefix, const Measurement& measurement) {
  const auto name = [&](std::string_view what) { return std::string(prefix).append(what); };
  add(name("microseconds"), measurement.microseconds_per_work());
  if (measurement.redis_seconds) {
    add(name("redis_microseconds"),
        *measurement.redis_seconds * 1e6 / static_cast<double>(measurement.work));
  }
  add(name("per_second"), measurement.work_per_second());
  add(name("server_cores"), measurement.server_seconds / measurement.seconds);
  add(name("load_cores"), measurement.load_seconds / measurement.seconds);
}

std::string Report::json() const {
  std::string text = "{";
  for (const auto& [name, value] : values_) {
    char number[32];
    std::snprintf(number, sizeof(number), "%.6g", value);
    text.append(text.size() == 1 ? "\"" : ",\"").append(name).append("\":").append(number);
  }
  return text.append("}");
}

}  // namespace heliograph::load
