#pragma once

#include <string>

#include "http/response.hpp"

namespace heliograph::transport {

/// The answer to a long-polling GET: `payload` is one of packets (Engine.IO 4, "Payload").
http::Response poll_response(std::string payload);

/// The answer to a long-polling POST that was taken: "ok".
http::Response post_response();

}  // namespace heliograph::transport
