#pragma once

#include <memory>
#include <optional>
#include <string>

#include "http/proxies.hpp"
#include "http/request.hpp"
#include "http/request_reader.hpp"
#include "reactor/connection.hpp"
#include "reactor/descriptor.hpp"

namespace heliograph::http {

/// A request, complete or just begun, on its way to the worker that has to answer it, with its
/// connection.
struct Handover {
  reactor::ConnectionPlace place;
  reactor::Descriptor socket;
  Sender sender;
  std::optional<Request> request;
  std::unique_ptr<RequestReader> reader;
  std::string rest;  // what was received behind it
};

}  // namespace heliograph::http
