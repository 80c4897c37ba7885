// SPDX-License-Identifier: Apache-2.0
// Each check finds what breaks its rule: otherwise an empty list of problems would say nothing.
#include <string>

#include "tests/style/checks.hpp"
#include "tests/style/declarations.hpp"
#include "tests/support/catch.hpp"

using namespace lutgen::style;

namespace {

constexpr const char* kTable =
    "| level | module | holds |\n|---|---|---|\n| 0 | `base` | x |\n| 1 | `truth`, `io` | x |\n";

SourceTree tree_of(std::vector<SourceFile> files) {
  files.push_back(make_file("lutgen/README.md", kTable));
  return {std::move(files)};
}

/// The problems of one file, without those about modules that the table names and the tree lacks.
Problems about(const Problems& problems, const std::string& place) {
  Problems found;
  for (const std::string& problem : problems) {
    if (problem.starts_with(place)) found.push_back(problem);
  }
  return found;
}

std::string repeated(const std::string& line, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += line;
  return text;
}

}  // namespace

TEST_CASE("an include of the same or a higher level is found", "[style]") {
  const SourceTree tree = tree_of({
      make_file("lutgen/base/a.cpp", "#include \"lutgen/truth/x.hpp\"\n"),
      make_file("lutgen/io/b.hpp", "#pragma once\n#include \"lutgen/truth/x.hpp\"\n"),
      make_file("lutgen/truth/c.cpp",
                "#include \"lutgen/base/x.hpp\"\n#include \"lutgen/truth/x.hpp\"\n"),
      make_file("lutgen/truth/d.cpp", "#include \"x.hpp\"\n"),
      make_file("sim/e.hpp", "#include \"lutgen/base/result.hpp\"\n"),
      make_file("lutgen/new/f.cpp", ""),
  });
  const Problems problems = check_layers(tree);
  CHECK(about(problems, "lutgen/base/a.cpp:1:").size() == 1);
  CHECK(about(problems, "lutgen/io/b.hpp:2:").size() == 1);
  CHECK(about(problems, "lutgen/truth/c.cpp").empty());
  CHECK(about(problems, "lutgen/truth/d.cpp:1:").size() == 1);
  CHECK(about(problems, "sim/e.hpp:1:").size() == 1);
  CHECK(about(problems, "lutgen/new/f.cpp: module 'new'").size() == 1);
}

TEST_CASE("a third-party header outside its module is found", "[style]") {
  const SourceTree tree = tree_of({
      make_file("lutgen/io/a.hpp", "#include <nlohmann/json.hpp>\n#include <fmt/core.h>\n"),
      make_file("lutgen/base/b.cpp", "#include <vector>\n#include <nlohmann/json.hpp>\n"),
      make_file("lutgen/base/c.cpp", "#include <unknown/thing.h>\n#include <sys/stat.h>\n"),
  });
  const Problems problems = check_third_party(tree);
  REQUIRE(problems.size() == 2);
  CHECK(about(problems, "lutgen/base/b.cpp:2:").size() == 1);
  CHECK(about(problems, "lutgen/base/c.cpp:1:").size() == 1);
}

TEST_CASE("a cycle of includes is found once", "[style]") {
  const SourceTree tree = tree_of({
      make_file("lutgen/base/a.hpp", "#include \"lutgen/base/b.hpp\"\n"),
      make_file("lutgen/base/b.hpp", "\n#include \"lutgen/base/a.hpp\"\n"),
  });
  const Problems problems = check_include_cycles(tree);
  REQUIRE(problems.size() == 1);
  CHECK(about(problems, "lutgen/base/b.hpp:2:").size() == 1);
}

TEST_CASE("long files are found", "[style]") {
  CHECK(check_file_length({{make_file("a.cpp", repeated("\n", 600))}}).empty());
  CHECK(check_file_length({{make_file("a.cpp", repeated("\n", 601))}}).size() == 1);
  CHECK(check_golden_length({{make_file("tests/golden/a/expected.txt", repeated("x\n", 59))}})
            .empty());
  CHECK(check_golden_length({{make_file("tests/golden/a/expected.txt", repeated("x\n", 60))}})
            .size() == 1);
}

TEST_CASE("long functions are found, an explained one is not", "[style]") {
  const std::string body = repeated("  f(\"}\");  // }\n", 59);
  const auto check = [](const std::string& text) {
    return check_function_length({{make_file("a.cpp", text)}});
  };
  CHECK(check("int short_one() {\n" + repeated("  f();\n", 58) + "}\n").empty());
  CHECK(check("namespace x {\nint long_one() {\n" + body + "}\n}\n").size() == 1);
  CHECK(check("struct S {\n  int long_one() const {\n" + body + "  }\n};\n").size() == 1);
  CHECK(check("S::S(int a) : a_(a), b_{a} {\n" + body + "}\n").size() == 1);
  CHECK(check("TEST_CASE(\"x\", \"[y]\") {\n" + body + "}\n").size() == 1);
  CHECK(check("// Long because: a table.\nint long_one() {\n" + body + "}\n").empty());
  CHECK(check("const int kTable[] = {\n" + repeated("  1,\n", 70) + "};\n").empty());
  CHECK(check("namespace x {\n" + repeated("int f();\n", 70) + "}\n").empty());
}

TEST_CASE("declarations are told apart", "[style]") {
  const auto found = find_declarations(
      make_file("a.hpp",
                "namespace x {\ntemplate <class T>\nT f(int a = 1, S s = {}) {\n  if (a) { }\n}\n"
                "class C;\nstruct D final : C {\n  int m() const { return 1; }\n};\n"
                "enum class E { a, b };\ninline constexpr int kN = 3;\n"
                "namespace detail {\nint hidden();\n}\n}\n"));
  std::string text;
  for (const Declaration& one : found) {
    text += one.kind == DeclarationKind::function ? "f"
            : one.kind == DeclarationKind::type   ? "t"
                                                  : "o";
    text += std::to_string(one.first_line) + "-" + std::to_string(one.last_line) +
            (one.is_public ? "p " : " ");
  }
  CHECK(text == "f2-5p t6-6p t7-9p f8-8 t10-10p o11-11p f13-13 ");
}

TEST_CASE("public names without documentation are found", "[style]") {
  const auto check = [](const std::string& text) {
    return check_documented({{make_file("lutgen/base/a.hpp", "namespace x {\n" + text + "}\n")}});
  };
  CHECK(check("int f();\n").size() == 1);
  CHECK(check("/// Doc.\nint f();\n").empty());
  CHECK(check("/// Doc.\nint f();\nint g();\n").empty());
  CHECK(check("/// Doc.\nint f();\n\nint g();\n").size() == 1);
  CHECK(check("struct S {\n};\n").size() == 1);
  CHECK(check("class Forward;\n").empty());
  CHECK(check("using A = int;\n").size() == 1);
  CHECK(check("using y::A;\n").empty());
  CHECK(check("namespace detail {\nint f();\n}\n").empty());
}

TEST_CASE("faults of a text are found", "[style]") {
  CHECK(check_ascii({{make_file("a.md", "caf\xc3\xa9\n")}}).size() == 1);
  CHECK(check_ascii({{make_file("a.md", "cafe\r\n")}}).size() == 1);
  CHECK(check_spdx({{make_file("a.cpp", "int a;\n")}}).size() == 1);
  CHECK(check_spdx({{make_file("a.cu", "int a;\n")}}).size() == 1);
  CHECK(check_spdx({{make_file("scripts/a", "#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\n")}})
            .empty());
  CHECK(check_marks({{make_file("a.cpp",
                                "// TO"
                                "DO: later\n")}})
            .size() == 1);
  CHECK(check_marks({{make_file("a.cpp",
                                "// TO"
                                "DO(#12): later\n")}})
            .empty());
  CHECK(check_private_names({{make_file("a.md",
                                        "see /wo"
                                        "rk/x\n")}})
            .size() == 1);
  CHECK(check_headers({{make_file("a.hpp", "#include <x>\n")}}).size() == 1);
  CHECK(check_headers({{make_file("a.hpp", "#pragma once\nusing namespace std;\n")}}).size() == 1);
}

TEST_CASE("links that lead nowhere are found", "[style]") {
  const auto check = [](const std::string& text) {
    return check_links({{make_file("a/README.md", text), make_file("b/c.md", "")}});
  };
  CHECK(check("[x](../b/c.md#there) [y](../b/) [z](https://example.org/q)\n").empty());
  CHECK(check("[x](b/c.md)\n").size() == 1);
}

TEST_CASE("clocks, hidden seeds and a talking library are found", "[style]") {
  const auto file = [](const std::string& text) {
    return SourceTree{{make_file("lutgen/map/a.cpp", text)}};
  };
  CHECK(check_reproducible(file("auto t = std::chrono::system_clock::now();\n")).size() == 1);
  CHECK(check_reproducible(file("auto t = std::time(nullptr);\n")).size() == 1);
  CHECK(check_reproducible(file("// not system_clock\nint run_time(int);\n")).empty());
  CHECK(check_reproducible(file("std::random_device d;\n")).size() == 1);
  CHECK(check_library_is_silent(file("std::printf(\"x\");\n")).size() == 1);
  CHECK(check_library_is_silent(file("std::cout << 1;\n")).size() == 1);
  CHECK(check_library_is_silent(file("throw 1;\n")).size() == 1);
  CHECK(check_library_is_silent(file("::_exit(127);\n")).empty());
}

TEST_CASE("untested, unused and unknown diagnostics are found", "[style]") {
  const SourceTree tree{{
      make_file("lutgen/base/a.cpp", "f(Code::good);\nf(Code::untested);\n"),
      make_file("lutgen/base/diagnostics.def",
                "LUTGEN_DIAGNOSTIC(good, \"\")\nLUTGEN_DIAGNOSTIC(untested, "
                "\"\")\nLUTGEN_DIAGNOSTIC(unused, \"\")\n"),
      make_file("tests/errors/good/expected.txt", ""),
      make_file("tests/errors/good/run.sh", ""),
      make_file("tests/errors/good.other_way/run.sh", ""),
      make_file("tests/errors/unknown/run.sh", ""),
      make_file("tests/errors/unused/expected.txt", ""),
      make_file("tests/errors/unused/run.sh", ""),
  }};
  const Problems problems = check_diagnostics(tree);
  REQUIRE(problems.size() == 4);
  CHECK(about(problems, "lutgen/base/diagnostics.def:2:").size() == 2);
  CHECK(about(problems, "lutgen/base/diagnostics.def:3:").size() == 1);
  CHECK(about(problems, "tests/errors/unknown/run.sh:").size() == 1);
}

TEST_CASE("sources that no CMakeLists.txt names are found", "[style]") {
  const SourceTree tree{{
      make_file("lutgen/base/CMakeLists.txt", "target_sources(lutgen PRIVATE a.cpp)\n# b.cpp\n"),
      make_file("lutgen/base/a.cpp", ""),
      make_file("lutgen/base/b.cpp", ""),
      make_file("lutgen/base/c.cu", ""),
  }};
  const Problems problems = check_cmake_lists(tree);
  REQUIRE(problems.size() == 2);
  CHECK(about(problems, "lutgen/base/c.cu:").size() == 1);
  CHECK(about(problems, "lutgen/base/b.cpp:").size() == 1);
}

TEST_CASE("headers that their README leaves out are found", "[style]") {
  const SourceTree tree{{
      make_file("lutgen/base/README.md", "- `a`: one\n"),
      make_file("lutgen/base/a.hpp", ""),
      make_file("lutgen/base/b.hpp", ""),
      make_file("lutgen/io/c.hpp", ""),
  }};
  const Problems problems = check_module_pages(tree);
  REQUIRE(problems.size() == 2);
  CHECK(about(problems, "lutgen/base/b.hpp:").size() == 1);
  CHECK(about(problems, "lutgen/io/c.hpp:").size() == 1);
}

TEST_CASE("careless scripts and commit subjects are found", "[style]") {
  CHECK(check_scripts({{make_file("scripts/a", "echo\n")}}).size() == 3);
  CHECK(check_subjects({"0a1b Add a thing", "0a1b Docs: say it"}).empty());
  CHECK(check_subjects({"0a1b Added a thing", "0a1b add a thing", "0a1b WIP"}).size() == 3);
}
