#include "base/log.hpp"

#include <chrono>

namespace heliograph::base {

Log::Log(LogLevel level, LogFormat format, int descriptor, const LogSampling& sampling)
    : level_(level), format_(format) {
  if (level != LogLevel::kOff) writer_.emplace(descriptor, format, sampling);
}

void Log::write(LogLevel level, std::string_view event, Fields fields) {
  if (!writer_) return;
  writer_->push(log_line(format_, std::chrono::system_clock::now(), level, event, fields));
}

}  // namespace heliograph::base
