#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "http/errors.hpp"

namespace heliograph::http_api {

// A served file is read whole into memory.
inline constexpr std::size_t kMaxFileBytes = 16 * 1024 * 1024;

// The file's bytes, or an error to answer: kNotFound (also if it is not a regular file, cannot be
// read or lies outside), kFileTooLarge, or kUnavailable if the process is out of file descriptors.
using FileResult = std::variant<std::string, http::Error>;

// Whether a decoded path may name a file at all: it begins with a slash, and no segment is empty,
// begins with a dot, or holds a backslash or a control character.
bool is_plain_path(std::string_view path);

// The bytes of the regular file at `path` (plain, with its leading slash) below `folder`. Links are
// followed only while they stay below it, also when they change at the same moment: the kernel
// resolves the path beneath an open folder (openat2).
FileResult read_public_file(const std::string& folder, std::string_view path);

// The same by comparing resolved paths, for kernels and sandboxes without openat2.
FileResult read_public_file_resolved(const std::string& folder, std::string_view path);

}  // namespace heliograph::http_api
