# SPDX-License-Identifier: Apache-2.0
# Writes a C++ file that holds the board files as string literals.
# usage: cmake -DOUTPUT=FILE -DFOLDER=BOARDS "-DIDS=a|b|..." -P embed.cmake
# FOLDER/<id>/board.toml are read; the ids are sorted.
string(REPLACE "|" ";" ids "${IDS}")
set(entries "")
foreach(id IN LISTS ids)
  file(READ ${FOLDER}/${id}/board.toml content)
  string(APPEND entries "    {\"${id}\", R\"embedded(${content})embedded\"},\n")
endforeach()
list(LENGTH ids count)
file(WRITE ${OUTPUT}.part "// Made by embed.cmake; not to be edited.
#include <array>

#include \"lutgen/board/board_files.hpp\"

namespace lutgen::board {
namespace {

constexpr std::array<BoardFile, ${count}> kFiles = {{
${entries}}};

}  // namespace

std::span<const BoardFile> board_files() { return kFiles; }

}  // namespace lutgen::board
")
file(RENAME ${OUTPUT}.part ${OUTPUT})
