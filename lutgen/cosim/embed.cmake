# SPDX-License-Identifier: Apache-2.0
# Writes a C++ file that holds text files as string literals.
# usage: cmake -DOUTPUT=FILE -DSOURCE_ROOT=DIR "-DFILES=a|b|..." -P embed.cmake
# FILES are relative to SOURCE_ROOT and sorted; sim/ and rtl/ are dropped from their names.
string(REPLACE "|" ";" files "${FILES}")
set(entries "")
foreach(file IN LISTS files)
  file(READ ${SOURCE_ROOT}/${file} content)
  string(REGEX REPLACE "^(sim|rtl)/" "" name ${file})
  string(APPEND entries "    {\"${name}\", R\"embedded(${content})embedded\"},\n")
endforeach()
list(LENGTH files count)
file(WRITE ${OUTPUT}.part "// Made by embed.cmake; not to be edited.
#include <array>

#include \"lutgen/cosim/harness_files.hpp\"

namespace lutgen::cosim {
namespace {

constexpr std::array<HarnessFile, ${count}> kFiles = {{
${entries}}};

}  // namespace

std::span<const HarnessFile> harness_files() { return kFiles; }

}  // namespace lutgen::cosim
")
file(RENAME ${OUTPUT}.part ${OUTPUT})
