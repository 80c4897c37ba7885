# SPDX-License-Identifier: Apache-2.0

# Adds a test for each folder below tests/<kind> that has a run.sh.
function(lutgen_add_cases kind)
  # A new case shows up without an edit here: CMake looks again before each build.
  file(GLOB runs CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} */run.sh)
  foreach(run IN LISTS runs)
    get_filename_component(case ${run} DIRECTORY)
    add_test(NAME "${kind}: ${case}"
      COMMAND ${PROJECT_SOURCE_DIR}/tests/support/run_case.sh ${kind}
              ${CMAKE_CURRENT_SOURCE_DIR}/${case} $<TARGET_FILE:lutgen_program>)
    set_tests_properties("${kind}: ${case}" PROPERTIES
      LABELS "${kind};quick" SKIP_REGULAR_EXPRESSION "SKIPPED: " TIMEOUT 120)
  endforeach()
endfunction()
