#include "commands/token.hpp"

#include <cstdlib>

#include "auth/tokens.hpp"

namespace heliograph::commands {

config::Exit run(const config::MakeToken& token, std::int64_t now) {
  const std::int64_t end = token.lifetime ? now + *token.lifetime : auth::kNever;
  return {EXIT_SUCCESS, auth::Tokens(token.app_secret).issue_app(token.app, end) + '\n', ""};
}

}  // namespace heliograph::commands
