#include "config/text_file.hpp"

#include <fstream>
#include <iterator>

namespace heliograph::config {

std::optional<std::string> read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  file.peek();  // shows a folder and the like as bad, where reading its buffer would throw
  if (!file.is_open() || file.bad()) return std::nullopt;
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) return std::nullopt;
  return text;
}

}  // namespace heliograph::config
