# heliograph_assets: the files that the program carries with it, so that it needs nothing beside it:
# the demo (web/demo, bundled here by esbuild) and Socket.IO's browser client (from npm). Their
# bytes are taken in by the assembler's .incbin; the table over them is http_api::embedded_assets
# (src/http_api/assets.hpp). A changed file makes CMake run again, and so a new table, new ETags.

# Appends the file's bytes as a labelled block to the variable named by `source_variable`, and sets
# the one named by `view_variable` to the C++ initializer of a view of them.
function(embed_bytes label file source_variable view_variable)
  file(SIZE ${file} size)
  file(SHA256 ${file} hash)
  # With the hash in it this source changes whenever the bytes do.
  string(APPEND ${source_variable} "\n# ${hash}\n.balign 16\n.global ${label}\n${label}:\n"
                                   ".incbin \"${file}\"\n")
  set(${source_variable} "${${source_variable}}" PARENT_SCOPE)
  set(${view_variable} "{${label}, ${size}}" PARENT_SCOPE)
endfunction()

function(embed_assets target urls)
  set(assembly "# Made by cmake/Assets.cmake.\n.section .rodata\n")
  set(rows "")
  set(labels "")
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/assets)
  file(MAKE_DIRECTORY ${folder})
  set(number 0)
  foreach(url IN LISTS urls)
    if(url MATCHES "^/socket.io/(.+)")
      set(file ${client}/${CMAKE_MATCH_1})
    else()
      set(file ${demo}${url})
    endif()
    embed_bytes(heliograph_asset_${number} ${file} assembly bytes)
    string(APPEND labels "extern const char heliograph_asset_${number}[];\n")

    set(zipped "{}")
    # Not CMake's own gzip, which writes the time of day into its output.
    execute_process(COMMAND gzip --best --no-name --stdout ${file}
                    OUTPUT_FILE ${folder}/${number}.gz COMMAND_ERROR_IS_FATAL ANY)
    file(SIZE ${file} size)
    file(SIZE ${folder}/${number}.gz zipped_size)
    math(EXPR worthwhile "${size} * 9 / 10")
    if(zipped_size LESS worthwhile)
      embed_bytes(heliograph_asset_${number}_gzip ${folder}/${number}.gz assembly zipped)
      string(APPEND labels "extern const char heliograph_asset_${number}_gzip[];\n")
    endif()

    file(SHA256 ${file} hash)
    string(SUBSTRING ${hash} 0 16 etag)
    string(APPEND rows "    {\"${url}\", ${bytes}, ${zipped}, \"\\\"${etag}\\\"\"},\n")
    math(EXPR number "${number} + 1")
  endforeach()
  # Else the linker would take the whole program for one without branch protection.
  string(APPEND assembly "\n#ifdef __CET__\n#include <cet.h>\n#endif\n")
  string(APPEND assembly "\n.section .note.GNU-stack,\"\",%progbits\n")

  file(CONFIGURE OUTPUT ${folder}/assets.S CONTENT "${assembly}" @ONLY)
  file(CONFIGURE OUTPUT ${folder}/assets.cpp @ONLY CONTENT
"// Made by cmake/Assets.cmake.
#include \"http_api/assets.hpp\"

#include <algorithm>

extern \"C\" {
${labels}}

namespace heliograph::http_api {

constexpr Asset kAssets[] = {
${rows}};
static_assert(std::ranges::is_sorted(kAssets, {}, &Asset::path));

Assets embedded_assets() { return kAssets; }

}  // namespace heliograph::http_api
")
  add_library(${target} STATIC ${folder}/assets.S ${folder}/assets.cpp)
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_compile_options(${target} PRIVATE ${HELIOGRAPH_BRANCH_PROTECTION})
  set_target_properties(${target} PROPERTIES CXX_CLANG_TIDY "")  # nobody reads what is generated
endfunction()

set(urls "")
set(client ${PROJECT_SOURCE_DIR}/node_modules/socket.io-client/dist)
foreach(name socket.io.esm.min.js socket.io.js socket.io.min.js)
  if(NOT EXISTS ${client}/${name})
    message(FATAL_ERROR "${client}/${name} is missing: run ./dev build, or npm ci before CMake")
  endif()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${client}/${name})
  list(APPEND urls /socket.io/${name})
endforeach()

# web/demo/build.mjs makes the demo's files of these, and of what npm has installed.
file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/web/demo/*
     ${PROJECT_SOURCE_DIR}/clients/typescript/src/*)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${sources})
set(demo ${CMAKE_CURRENT_BINARY_DIR}/demo)
execute_process(COMMAND ${NODE_EXECUTABLE} ${PROJECT_SOURCE_DIR}/web/demo/build.mjs ${demo}
                COMMAND_ERROR_IS_FATAL ANY)
foreach(name css/demo.css demo.html icon.svg scripts/demo.js scripts/theme.js)
  list(APPEND urls /${name})
endforeach()
list(SORT urls COMPARE STRING)
embed_assets(heliograph_assets "${urls}")
