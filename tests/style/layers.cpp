// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <regex>
#include <set>

#include <fmt/core.h>

#include "tests/style/checks.hpp"

namespace lutgen::style {
namespace {

struct Wrapped {
  std::string_view prefix;
  std::string_view folders;  // "*" everywhere; otherwise folders, each followed by a blank
};

// STYLE rule 3. A new library gets its line here when the module that wraps it is written.
constexpr auto kThirdParty = std::to_array<Wrapped>({
    {"fmt/", "*"},
    {"tl/expected.hpp", "*"},
    {"nlohmann/", "lutgen/io/ "},
    {"toml++/", "lutgen/io/ "},
    {"zlib.h", "lutgen/io/ "},
    {"zip.h", "lutgen/io/ "},
    {"cadical.hpp", "lutgen/prove/ "},
    {"asmjit/", "lutgen/eval/ "},
    {"immintrin.h", "lutgen/eval/ "},
    {"sha2.h", "lutgen/base/ "},
    {"torch/", "lutgen/train/ tests/bench/ "},
    {"CLI/", "lutgen/cli/ "},
    {"catch2/", "tests/support/ "},
    {"rapidcheck", "tests/support/ "},
    {"verilated", "sim/ tests/cosim/ tests/board/ "},
    // Our own, from sim/; the library embeds it and shares its file formats.
    {"lutgen_sim/", "lutgen/cosim/ sim/ tests/ "},
});

// POSIX and C headers that have no std:: twin or are wanted as they are.
const std::set<std::string, std::less<>> kSystem = {
    "asm/termbits.h", "dlfcn.h", "fcntl.h", "linux/filter.h", "linux/seccomp.h", "malloc.h", "poll.h", "pthread.h", "signal.h",
    "spawn.h", "stdio.h", "stdlib.h", "sys/file.h", "sys/ioctl.h", "sys/mman.h", "sys/prctl.h", "sys/resource.h",
    "sys/stat.h", "sys/syscall.h", "sys/types.h", "sys/wait.h", "unistd.h"};

bool is_allowed(std::string_view folders, const std::string& path) {
  if (folders == "*") return true;
  while (!folders.empty()) {
    const std::size_t end = folders.find(' ');
    if (path.starts_with(folders.substr(0, end))) return true;
    folders.remove_prefix(end + 1);
  }
  return false;
}

const Wrapped* find_wrapped(std::string_view header) {
  for (const Wrapped& entry : kThirdParty) {
    if (header.starts_with(entry.prefix)) return &entry;
  }
  return nullptr;
}

void check_include(Problems& problems, const std::map<std::string, int>& levels,
                   const SourceFile& file, std::size_t line, const std::string& header) {
  const std::string mine = module_of(file.path);
  const std::string other = module_of(header);
  if (file.is_under("sim/") && header.starts_with("lutgen/")) {
    add_problem(problems, file, line, "sim/ is used without the library; do not include " + header);
  }
  if (mine.empty()) return;
  if (header.starts_with("tests/")) {
    add_problem(problems, file, line, "the library may not include tests; move what is shared");
  } else if (!header.starts_with("lutgen/")) {
    add_problem(problems, file, line,
                fmt::format("write \"{}\" from the project's root: \"lutgen/...\"", header));
  } else if (mine != other && levels.contains(mine) && levels.contains(other) &&
             levels.at(other) >= levels.at(mine)) {
    add_problem(
        problems, file, line,
        fmt::format("module '{}' (level {}) includes '{}' (level {}); only lower levels are "
                    "allowed: move the shared part down",
                    mine, levels.at(mine), other, levels.at(other)));
  }
}

/// Depth-first search; `state` is 1 while a file is on the current path, 2 when it is done.
void visit(const SourceTree& tree, const SourceFile& file, std::map<std::string, int>& state,
           Problems& problems) {
  state[file.path] = 1;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    const std::string header = include_of(file.lines[i]);
    const SourceFile* next = header.starts_with('"') ? tree.find(header.substr(1)) : nullptr;
    if (next == nullptr || state[next->path] == 2) continue;
    if (state[next->path] == 1) {
      add_problem(problems, file, i + 1,
                  fmt::format("including {} closes a cycle; move the shared part into a third file",
                              next->path));
    } else {
      visit(tree, *next, state, problems);
    }
  }
  state[file.path] = 2;
}

}  // namespace

std::map<std::string, int> module_levels(const SourceTree& tree) {
  static const std::regex kRow(R"(^\| *([0-9]+) *\|([^|]*)\|.*)");
  static const std::regex kName("`([a-z_]+)`");
  std::map<std::string, int> levels;
  const SourceFile* table = tree.find("lutgen/README.md");
  if (table == nullptr) return levels;
  for (const std::string& line : table->lines) {
    std::smatch row;
    if (!std::regex_match(line, row, kRow)) continue;
    const std::string names = row[2];
    for (std::sregex_iterator name(names.begin(), names.end(), kName), end; name != end; ++name) {
      levels[(*name)[1]] = std::stoi(row[1]);
    }
  }
  return levels;
}

Problems check_layers(const SourceTree& tree) {
  Problems problems;
  const auto levels = module_levels(tree);
  std::set<std::string> seen;
  for (const SourceFile& file : tree.files) {
    const std::string module = module_of(file.path);
    if (!module.empty() && seen.insert(module).second && !levels.contains(module)) {
      add_problem(
          problems, file, 0,
          fmt::format("module '{}' is not in the table of lutgen/README.md; add its row", module));
    }
    if (!file.is_cpp()) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const std::string header = include_of(file.lines[i]);
      if (header.starts_with('"')) check_include(problems, levels, file, i + 1, header.substr(1));
    }
  }
  for (const auto& [module, level] : levels) {
    if (!seen.contains(module)) {
      problems.push_back(fmt::format(
          "lutgen/README.md: module '{}' has no folder; remove its row until it has", module));
    }
  }
  return problems;
}

Problems check_third_party(const SourceTree& tree) {
  Problems problems;
  for (const SourceFile& file : tree.files) {
    if (!file.is_cpp() || file.is_under("tests/consumer/")) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const std::string include = include_of(file.lines[i]);
      const std::string header = include.empty() ? include : include.substr(1);
      const bool is_standard = header.find_first_of("./") == std::string::npos;
      const Wrapped* wrapped = find_wrapped(header);
      if (wrapped != nullptr && !is_allowed(wrapped->folders, file.path)) {
        add_problem(problems, file, i + 1,
                    fmt::format("<{}> belongs into {}only; include that module's header instead",
                                header, wrapped->folders));
      } else if (wrapped == nullptr && include.starts_with('<') && !is_standard &&
                 !kSystem.contains(header)) {
        add_problem(problems, file, i + 1,
                    fmt::format("<{}> is no known header; wrap the library in one module and name "
                                "it in tests/style/layers.cpp",
                                header));
      }
    }
  }
  return problems;
}

Problems check_include_cycles(const SourceTree& tree) {
  Problems problems;
  std::map<std::string, int> state;
  for (const SourceFile& file : tree.files) {
    if (file.is_cpp() && state[file.path] == 0) visit(tree, file, state, problems);
  }
  return problems;
}

}  // namespace lutgen::style
