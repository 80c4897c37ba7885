# SPDX-License-Identifier: Apache-2.0
# Writes a C++ file that holds text files as string literals.
# usage: cmake -DOUTPUT=FILE -DSOURCE_ROOT=DIR "-DFILES=a|b|..." -DMODULE=cosim -DHEADER=harness_files
#              -DTYPE=HarnessFile -P embed.cmake
# FILES are relative to SOURCE_ROOT and sorted; sim/ and rtl/ are dropped from their names. HEADER of the module
# declares the struct TYPE and the function HEADER, which gives all of them.
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

#include \"lutgen/${MODULE}/${HEADER}.hpp\"

namespace lutgen::${MODULE} {
namespace {

constexpr std::array<${TYPE}, ${count}> kFiles = {{
${entries}}};

}  // namespace

std::span<const ${TYPE}> ${HEADER}() { return kFiles; }

}  // namespace lutgen::${MODULE}
")
file(RENAME ${OUTPUT}.part ${OUTPUT})
