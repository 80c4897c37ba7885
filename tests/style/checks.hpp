// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/style/source_tree.hpp"

/// The project's rules about itself. Each check is a pure function of the tree, so that its own
/// test can show it a tree that breaks the rule.
namespace lutgen::style {

/// Level of each module, from the table in lutgen/README.md: rows `| level | `name` ... |`.
[[nodiscard]] std::map<std::string, int> module_levels(const SourceTree& tree);

// layers.cpp

/// A module includes only lower levels and itself; each module folder is in the table; sim/ stands
/// alone; includes are written from the project's root.
[[nodiscard]] Problems check_layers(const SourceTree& tree);
/// Third-party headers only in the module that wraps them (fmt and tl::expected everywhere).
[[nodiscard]] Problems check_third_party(const SourceTree& tree);
/// No file includes itself, directly or through others.
[[nodiscard]] Problems check_include_cycles(const SourceTree& tree);

// text.cpp

/// At most 600 lines a file.
[[nodiscard]] Problems check_file_length(const SourceTree& tree);
/// At most 59 lines a golden file.
[[nodiscard]] Problems check_golden_length(const SourceTree& tree);
/// ASCII only.
[[nodiscard]] Problems check_ascii(const SourceTree& tree);
/// The licence identifier in the first line (second after `#!`).
[[nodiscard]] Problems check_spdx(const SourceTree& tree);
/// An unfinished mark names its issue.
[[nodiscard]] Problems check_marks(const SourceTree& tree);
/// Links of .md files to files of the project lead somewhere.
[[nodiscard]] Problems check_links(const SourceTree& tree);
/// No paths or hosts of the place where the project is written.
[[nodiscard]] Problems check_private_names(const SourceTree& tree);

// cpp.cpp

/// At most 60 lines a function, unless a comment `// Long because: ...` stands above it.
[[nodiscard]] Problems check_function_length(const SourceTree& tree);
/// `#pragma once` at the head of a header, and no using-directive in it.
[[nodiscard]] Problems check_headers(const SourceTree& tree);
/// A `///` block above each public name of the headers of lutgen/ and sim/.
[[nodiscard]] Problems check_documented(const SourceTree& tree);
/// No wall clock and no source of randomness but base/rng.hpp.
[[nodiscard]] Problems check_reproducible(const SourceTree& tree);
/// The library (all but cli) prints nothing, throws nothing, exits never.
[[nodiscard]] Problems check_library_is_silent(const SourceTree& tree);

// project.cpp

/// Every code of diagnostics.def is used in lutgen/ and has tests/errors/<code>/ with run.sh and
/// expected.txt; every folder there is <code> or <code>.<variant>.
[[nodiscard]] Problems check_diagnostics(const SourceTree& tree);
/// Every .cpp is named in the CMakeLists.txt of its folder.
[[nodiscard]] Problems check_cmake_lists(const SourceTree& tree);
/// Every header of a module has a line in the module's README.md.
[[nodiscard]] Problems check_module_pages(const SourceTree& tree);
/// Scripts are executable, stop at the first error, and explain themselves with --help.
[[nodiscard]] Problems check_scripts(const SourceTree& tree);
/// Commit subjects, "<hash> <subject>" each, begin with one of the allowed verbs.
[[nodiscard]] Problems check_subjects(const std::vector<std::string>& subjects);
/// Bash files: everything in scripts/ but the README, .ci/run, and *.sh.
[[nodiscard]] bool is_bash(const SourceFile& file);

}  // namespace lutgen::style
