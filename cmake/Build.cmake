# Compiler flags and sanitizers.
# The trees that people use (release, asan, tsan, lint, bench, fuzz) stand in CMakePresets.json.
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

# All clones on a machine share what one of them has compiled: no object holds the path of its clone.
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}
                                  CCACHE_NOHASHDIR=1 ${CCACHE})
endif()

# The program is one file that needs but libc and OpenSSL (which the system keeps safe) beside it.
# Of fmt Debian has no archive, so it is compiled in.

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion)
if(HELIOGRAPH_WERROR)
  add_compile_options(-Werror)
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # Part of Clang's -Wconversion, and not of gcc's: the two compilers are to ask the same. And
  # libstdc++ 12 uses, in std::stable_sort, what Clang 19 knows to be deprecated.
  add_compile_options(-Wno-sign-conversion -Wno-deprecated-declarations)
endif()
add_compile_definitions(BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_DATE_TIME)

# Release: line tables, so that perf and a stack trace name the line. NDEBUG, because a failed
# assertion would let one client's bytes end everyone's calls; the sanitizer trees keep assertions
# and run the same suites. The hardening is what Debian gives its own servers.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong)
  add_link_options(-Wl,-z,relro,-z,now)
  # The program's libraries (heliograph_library) mark the targets of indirect branches for processors
  # that check them: Intel's CET, Arm's BTI with signed return addresses.
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
    set(HELIOGRAPH_BRANCH_PROTECTION -fcf-protection)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
    set(HELIOGRAPH_BRANCH_PROTECTION -mbranch-protection=standard)
  endif()
endif()

if(HELIOGRAPH_SANITIZE)
  add_compile_options(-fsanitize=${HELIOGRAPH_SANITIZE} -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  if(HELIOGRAPH_SANITIZE MATCHES "thread")
    # ThreadSanitizer does not know fences; Asio orders what its loops share by a mutex as well.
    add_compile_definitions(BOOST_ASIO_DISABLE_FENCED_BLOCK)
  endif()
  if(HELIOGRAPH_SANITIZE MATCHES "undefined")
    # UBSan's look at an object's type probes the memory through a pipe, and takes every object for a
    # broken one where no descriptor is left for that, which is what one of the tests brings about.
    # AddressSanitizer, always beside it here, sees objects that are gone.
    add_compile_options(-fno-sanitize=vptr)
  endif()
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
  add_link_options(-fsanitize=${HELIOGRAPH_SANITIZE})
endif()

find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

if(HELIOGRAPH_TIDY)
  # The sum stands in the command line so that a change of the checks runs them all again.
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/.clang-tidy)
  file(SHA1 ${PROJECT_SOURCE_DIR}/.clang-tidy checks)
  set(CMAKE_CXX_CLANG_TIDY clang-tidy-19 --quiet --extra-arg=-DHELIOGRAPH_CHECKS_${checks})
endif()
