# How deft's own targets are compiled, in one place. Nothing here reaches a consumer.

add_library(deft_own_options INTERFACE)
target_compile_features(deft_own_options INTERFACE cxx_std_20)
target_compile_options(deft_own_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
                                                  -Wnon-virtual-dtor)
# No path of this machine reaches an object file: the same source gives the same code wherever it lies, which comparing
# two builds depends on. Run a debugger from the top of the tree.
# Coverage reports are the exception: they have to find the source again.
if(NOT CMAKE_CXX_FLAGS MATCHES "-fcoverage-mapping")
  target_compile_options(deft_own_options INTERFACE "-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.")
endif()
if(DEFT_WARNINGS_AS_ERRORS)
  target_compile_options(deft_own_options INTERFACE -Werror)
endif()

# For the gates that compile everything once more: sources need not be complete where this is ON. No time is in what is
# precompiled, so that compiling it again gives what ccache knows.
option(DEFT_PRECOMPILE_STAGES "Precompile the standard headers for the program's stages" OFF)
mark_as_advanced(DEFT_PRECOMPILE_STAGES)
function(deft_precompile target)
  target_precompile_headers(${target} PRIVATE ${ARGN})
  target_compile_options(${target} PRIVATE "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")
endfunction()
if(DEFT_PRECOMPILE_STAGES)
  add_library(deft_stage_headers OBJECT "${CMAKE_CURRENT_LIST_DIR}/precompiled_headers.cpp")
  target_link_libraries(deft_stage_headers PRIVATE deft_own_options)
  deft_precompile(deft_stage_headers <algorithm> <array> <charconv> <cstdint> <filesystem> <fstream> <functional> <map>
    <memory> <optional> <span> <sstream> <string> <string_view> <unordered_map> <utility> <vector>)
endif()

# deft_add_stage(<name> SOURCES <file>... [LINK <target>...])
# One stage of the program: a static library deft_stage_<name> whose headers are included as "<name>/<file>.hpp".
function(deft_add_stage name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_library(deft_stage_${name} STATIC ${ARG_SOURCES})
  target_include_directories(deft_stage_${name} PUBLIC "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(deft_stage_${name} PUBLIC deft::deft ${ARG_LINK} PRIVATE $<BUILD_INTERFACE:deft_own_options>)
  if(DEFT_PRECOMPILE_STAGES)
    target_precompile_headers(deft_stage_${name} REUSE_FROM deft_stage_headers)
  endif()
endfunction()

# How tests are compiled where the library is compiled with -O2: a fifth to a third of that time would go into code that
# runs for seconds. Optimised all the same, for what only optimisers bring to light. The library, the program and the
# benchmarks keep the flags of the build.
add_library(deft_test_options INTERFACE)
target_compile_options(deft_test_options INTERFACE "$<$<CONFIG:RelWithDebInfo>:-O1>")

# At the end of a test's folder: what is precompiled fits where no flags were added.
function(deft_reuse_test_headers target)
  get_target_property(flags ${target} COMPILE_OPTIONS)
  if(NOT flags)
    target_precompile_headers(${target} REUSE_FROM deft_test_headers)
  endif()
endfunction()

# deft_add_test(<name> SOURCES <file>... [LINK <target>...] [LABELS <label>...] [TIMEOUT <s>])
# A GoogleTest program registered with ctest as one test of that name, labelled with its folder.
function(deft_add_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LINK;LABELS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  add_executable(test_${name} ${ARG_SOURCES})
  target_include_directories(test_${name} PRIVATE "${PROJECT_SOURCE_DIR}")  # "tests/..." and "fuzz/..." helpers
  target_link_libraries(test_${name} PRIVATE deft::deft deft_own_options deft_test_options ${ARG_LINK} GTest::gmock GTest::gtest_main)
  cmake_language(EVAL CODE "cmake_language(DEFER CALL deft_reuse_test_headers test_${name})")
  target_compile_definitions(test_${name} PRIVATE "DEFT_TEST_DATA=\"${PROJECT_SOURCE_DIR}/tests/data\"")
  add_test(NAME ${name} COMMAND test_${name})
  cmake_path(GET CMAKE_CURRENT_SOURCE_DIR FILENAME folder)
  # Of hundreds of tests in one program, ctest shows those that failed.
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${folder};${ARG_LABELS}"
                       ENVIRONMENT_MODIFICATION "GTEST_BRIEF=set:1")
endfunction()
