// SPDX-License-Identifier: Apache-2.0
// The rules, held against the project itself.
#include <stdio.h>

#include <cstdio>
#include <string>

#include "tests/style/checks.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/skip.hpp"

using namespace lutgen::style;

namespace {

const SourceTree& project() {
  static const SourceTree tree = read_tree(LUTGEN_SOURCE_DIR);
  return tree;
}

/// Prints each problem on a line of its own (Catch would wrap it), then fails.
void require_none(const Problems& problems) {
  for (const std::string& problem : problems) std::printf("%s\n", problem.c_str());
  REQUIRE(problems.empty());
}

/// What the command prints; empty when it fails.
std::string output_of(const std::string& command) {
  FILE* const pipe = ::popen(command.c_str(), "r");
  std::string text;
  if (pipe == nullptr) return text;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) text += static_cast<char>(c);
  ::pclose(pipe);
  return text;
}

}  // namespace

TEST_CASE("the tree is read", "[style]") {
  CHECK(project().find("lutgen/base/result.hpp") != nullptr);
  CHECK(project().find("scripts/setup") != nullptr);
  CHECK(project().find(".ci/run") != nullptr);
  CHECK(module_levels(project()).at("base") == 0);
}

TEST_CASE("modules include only lower levels", "[style]") { require_none(check_layers(project())); }
TEST_CASE("third-party headers stay in their module", "[style]") {
  require_none(check_third_party(project()));
}
TEST_CASE("no includes form a cycle", "[style]") { require_none(check_include_cycles(project())); }
TEST_CASE("files are short", "[style]") { require_none(check_file_length(project())); }
TEST_CASE("golden files are short", "[style]") { require_none(check_golden_length(project())); }
TEST_CASE("functions are short", "[style]") { require_none(check_function_length(project())); }
TEST_CASE("text is ASCII", "[style]") { require_none(check_ascii(project())); }
TEST_CASE("sources begin with the licence", "[style]") { require_none(check_spdx(project())); }
TEST_CASE("headers guard themselves and import no namespace", "[style]") {
  require_none(check_headers(project()));
}
TEST_CASE("unfinished marks name their issue", "[style]") { require_none(check_marks(project())); }
TEST_CASE("no private paths or hosts", "[style]") { require_none(check_private_names(project())); }
TEST_CASE("links lead somewhere", "[style]") { require_none(check_links(project())); }
TEST_CASE("public names are documented", "[style]") { require_none(check_documented(project())); }
TEST_CASE("outputs depend on no clock and no hidden seed", "[style]") {
  require_none(check_reproducible(project()));
}
TEST_CASE("the library is silent", "[style]") { require_none(check_library_is_silent(project())); }
TEST_CASE("every diagnostic is used and tested", "[style]") {
  require_none(check_diagnostics(project()));
}
TEST_CASE("every source is in its CMakeLists.txt", "[style]") {
  require_none(check_cmake_lists(project()));
}
TEST_CASE("every header is in its module's README", "[style]") {
  require_none(check_module_pages(project()));
}
TEST_CASE("scripts are executable and explain themselves", "[style]") {
  require_none(check_scripts(project()));
}

TEST_CASE("bash accepts every script", "[style]") {
  for (const SourceFile& file : project().files) {
    if (!is_bash(file)) continue;
    INFO(file.path);
    CHECK(output_of("cd '" LUTGEN_SOURCE_DIR "' && bash -n '" + file.path + "' 2>&1").empty());
  }
}

TEST_CASE("every script explains itself", "[style]") {
  for (const SourceFile& file : project().files) {
    if (!is_bash(file) || file.ends_with(".sh")) continue;
    INFO(file.path);
    CHECK(output_of("cd / && '" LUTGEN_SOURCE_DIR "/" + file.path + "' --help")
              .starts_with("usage: " + file.path));
  }
}

TEST_CASE("commit subjects begin with an allowed verb", "[style]") {
  const std::string git = "git -c safe.directory='*' -C '" LUTGEN_SOURCE_DIR "' ";
  const std::string log = output_of("{ test -e '" LUTGEN_SOURCE_DIR "/.git' && " + git +
                                    "log --no-merges --format='%h %s'; } 2>/dev/null");
  if (log.empty()) LUTGEN_SKIP("no git history here");
  require_none(check_subjects(make_file("log", log).lines));
}
