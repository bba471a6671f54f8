#pragma once

#include <memory>
#include <optional>
#include <string>

#include "net/connection.hpp"
#include "net/descriptor.hpp"
#include "net/http_request.hpp"
#include "net/http_request_reader.hpp"
#include "net/proxies.hpp"

namespace heliograph::net {

/// A request, complete or just begun, on its way to the worker that has to answer it, with its
/// connection.
struct Handover {
  ConnectionPlace place;
  Descriptor socket;
  Sender sender;
  std::optional<HttpRequest> request;
  std::unique_ptr<HttpRequestReader> reader;
  std::string rest;  // what was received behind it
};

}  // namespace heliograph::net
