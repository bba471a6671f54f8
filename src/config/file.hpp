#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace heliograph::config {

// A line of a file of settings. Either it has a problem, said in words, or a key and a text.
struct FileEntry {
  unsigned line = 0;
  std::string key = {};  // as it stands there
  // The value as a flag would have it: true and false become on and off, a list of texts is joined
  // by commas, any other array is written as JSON.
  std::string text = {};
  std::string problem = {};
};

// Reads the top level of a TOML 1.0 text, in the order of its lines. Whether the keys are settings
// is for the caller to say. A text that is no TOML is one entry with its problem.
std::vector<FileEntry> parse_file(std::string_view toml);

}  // namespace heliograph::config
