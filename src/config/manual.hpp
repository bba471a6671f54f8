#pragma once

#include <string>
#include <string_view>

// The manual and the completions of the package, made from the tables of settings and subcommands.
namespace heliograph::config {

/// heliograph(1), in the man macros of groff_man(7).
std::string man_page();

/// The completion script of this shell, which is bash or zsh.
std::string completion(std::string_view shell);

}  // namespace heliograph::config
