// Any bytes: what is UTF-8 to us, whole or in pieces, is UTF-8 to simdjson, and nothing else is.
#include <string_view>

#include <simdjson.h>

#include "base/utf8.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const bool valid = heliograph::base::is_valid_utf8(bytes);
  if (valid != simdjson::validate_utf8(bytes.data(), bytes.size())) __builtin_trap();
  const std::size_t cut = size == 0 ? 0 : data[0] % size;
  heliograph::base::Utf8Check check;
  const bool is_taken = check.add(bytes.substr(0, cut)) && check.add(bytes.substr(cut));
  if (valid != (is_taken && check.is_whole())) __builtin_trap();
  return 0;
}
