#pragma once

#include <string>

#include "http/response.hpp"

namespace heliograph::http {

// A response whose body is this JSON text. Nobody may keep it, or take it for another type.
Response json_response(unsigned status, std::string text);

}  // namespace heliograph::http
