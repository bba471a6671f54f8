#pragma once

#include <string>

#include "http_api/message.hpp"

namespace heliograph::net {

/// The answer to a long-polling GET: `payload` is one of packets (Engine.IO 4, "Payload").
http_api::Response poll_response(std::string payload);

/// The answer to a long-polling POST that was taken: "ok".
http_api::Response post_response();

}  // namespace heliograph::net
