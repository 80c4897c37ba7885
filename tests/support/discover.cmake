# SPDX-License-Identifier: Apache-2.0
include(Catch)

# As catch_discover_tests, with several labels. Its own PROPERTIES lose what follows the first element of a list (CMake 3.25 with the
# module of Catch2 2.13): ctest would see neither the other labels nor the properties behind them.
#
# target  the test program
# prefix  of the tests' names
# ARGN    properties and their values; semicolons of a list as \;
function(lutgen_discover_tests target prefix)
  catch_discover_tests(${target} TEST_PREFIX "${prefix}" TEST_LIST ${target}_names)
  set(properties "")
  foreach(word IN LISTS ARGN)
    string(APPEND properties " [==[${word}]==]")
  endforeach()
  set(script ${CMAKE_CURRENT_BINARY_DIR}/${target}_properties.cmake)
  file(WRITE ${script} "if(${target}_names)\n  set_tests_properties(\${${target}_names} PROPERTIES${properties})\nendif()\n")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${script})
endfunction()
