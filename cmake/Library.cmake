# heliograph_library(NAME DEPS …): one static library per folder of src/, made of its *.cpp, and one
# test program NAME_test made of its *_test.cpp, where there are any.
function(heliograph_library name)
  set(folder ${CMAKE_CURRENT_SOURCE_DIR}/${name})
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  file(GLOB headers CONFIGURE_DEPENDS ${folder}/*.hpp)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")

  set(library heliograph_${name})
  if(sources)
    add_library(${library} STATIC ${sources})
    target_compile_options(${library} PRIVATE ${HELIOGRAPH_BRANCH_PROTECTION})
    set(scope PUBLIC)
  else()
    add_library(${library} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${library} ${scope} ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(${library} ${scope} ${ARGN})
  heliograph_verify_headers(${library} ${scope} ${headers})

  if(HELIOGRAPH_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE ${library} GTest::gmock GTest::gtest_main)
  endif()
endfunction()

# heliograph_verify_headers(LIBRARY SCOPE HEADERS …): the target all_verify_interface_header_sets
# compiles each header alone, but for those with a source or a test beside them: that file includes
# the header first (scripts/check_headers sees to it), so the ordinary build has proved it already.
function(heliograph_verify_headers library scope)
  set(alone "")
  foreach(header IN LISTS ARGN)
    string(REGEX REPLACE "\\.hpp$" "" stem ${header})
    if(NOT EXISTS ${stem}.cpp AND NOT (HELIOGRAPH_TESTS AND EXISTS ${stem}_test.cpp))
      list(APPEND alone ${header})
    endif()
  endforeach()
  if(alone)
    target_sources(${library} ${scope} FILE_SET HEADERS BASE_DIRS ${CMAKE_CURRENT_SOURCE_DIR}
                   FILES ${alone})
    set_target_properties(${library} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
  endif()
endfunction()
