# The oldest versions that build Heliograph, all in Debian 12. CONTRIBUTING.md lists them, too.

# heliograph_needs(NAME MINIMUM FOUND PACKAGES): stops unless the version FOUND is MINIMUM or newer,
# and says which of Debian's packages to install.
function(heliograph_needs name minimum found packages)
  if(NOT found)
    set(problem "none was found")
  elseif(found VERSION_LESS minimum)
    set(problem "this is ${found}")
  else()
    return()
  endif()
  message(FATAL_ERROR "Heliograph needs ${name} ${minimum} or newer, but ${problem}. On Debian 12 "
                      "and newer, ./dev build installs it (${packages}). CONTRIBUTING.md lists all "
                      "that a build needs.")
endfunction()

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  heliograph_needs(gcc 12 "${CMAKE_CXX_COMPILER_VERSION}" g++)
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  heliograph_needs(Clang 19 "${CMAKE_CXX_COMPILER_VERSION}" clang-19)
endif()

find_package(Threads REQUIRED)
find_package(OpenSSL QUIET)
heliograph_needs(OpenSSL 3.0 "${OPENSSL_VERSION}" libssl-dev)
find_package(Boost QUIET CONFIG)
heliograph_needs(Boost 1.81 "${Boost_VERSION}" "libboost-dev or libboost1.81-dev")
find_package(fmt QUIET)
heliograph_needs(fmt 9.1 "${fmt_VERSION}" libfmt-dev)
find_package(CLI11 QUIET)
heliograph_needs(CLI11 2.1 "${CLI11_VERSION}" libcli11-dev)
find_package(nlohmann_json QUIET)
heliograph_needs(nlohmann_json 3.11 "${nlohmann_json_VERSION}" nlohmann-json3-dev)
find_package(tomlplusplus QUIET)
heliograph_needs(toml++ 3.3 "${tomlplusplus_VERSION}" libtomlplusplus-dev)
if(HELIOGRAPH_TESTS)
  find_package(GTest QUIET)
  heliograph_needs(GoogleTest 1.12 "${GTest_VERSION}" "libgtest-dev and libgmock-dev")
endif()

# hiredis has its own name for its CMake package on each system; its header is the same everywhere.
find_path(HIREDIS_INCLUDE_DIR hiredis/hiredis.h)
set(version "")
if(HIREDIS_INCLUDE_DIR)
  file(STRINGS ${HIREDIS_INCLUDE_DIR}/hiredis/hiredis.h lines REGEX "define HIREDIS_(MAJOR|MINOR) ")
  string(REGEX REPLACE "[^0-9]*([0-9]+)[^0-9]+([0-9]+).*" "\\1.\\2" version "${lines}")
endif()
heliograph_needs(hiredis 0.14 "${version}" libhiredis-dev)

# cmake/Assets.cmake bundles the demo with it.
find_program(NODE_EXECUTABLE NAMES node nodejs)
set(version "")
if(NODE_EXECUTABLE)
  execute_process(COMMAND ${NODE_EXECUTABLE} --version OUTPUT_VARIABLE version)
  string(REGEX REPLACE "^v|\n$" "" version "${version}")
endif()
heliograph_needs(Node 18 "${version}" "nodejs and npm")
