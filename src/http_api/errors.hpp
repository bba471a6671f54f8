#pragma once

#include "http/errors.hpp"

namespace heliograph::http_api {

// The errors of routes that are not HTTP's own. The text of kAppMissing is fixed: clients of the
// Node.js server that Heliograph replaces know it.
inline constexpr http::Error kAppMissing{400, "Required properties (app) is undefined"};
inline constexpr http::Error kAppNotText{400, "Property app must be a string in UTF-8"};
inline constexpr http::Error kAppTooLong{400, "Property app is longer than 255 bytes"};
inline constexpr http::Error kBadLifetime{
    400, "Property lifetime must be a whole number of seconds from 1 to 315360000"};
inline constexpr http::Error kBadJson{400, "Body is not a JSON object"};
inline constexpr http::Error kUnsupportedMediaType{
    415, "Body must be application/json or application/x-www-form-urlencoded"};
inline constexpr http::Error kDraining{503, "draining"};
inline constexpr http::Error kRedisUnreachable{503, "redis-unreachable"};
inline constexpr http::Error kFileTooLarge{500, "File is too large to be served"};

}  // namespace heliograph::http_api
