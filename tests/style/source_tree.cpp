// SPDX-License-Identifier: Apache-2.0
#include "tests/style/source_tree.hpp"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>

#include <fmt/core.h>

namespace lutgen::style {
namespace {

namespace fs = std::filesystem;

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool is_skipped_folder(const std::string& path, const std::string& name) {
  if (name.starts_with(".")) return name != ".ci" && name != ".github";
  return path.starts_with("build") || name == "corpus";
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return lines;
}

/// Walks C++ text and blanks what is not code, character by character.
class Blanker {
 public:
  explicit Blanker(std::string text) : text_(std::move(text)) {}

  std::string run() {
    bool line_start = true;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n') {
        line_start = true;
        ++at_;
      } else if (line_start && c == '#') {
        blank_directive();
      } else if (starts("//")) {
        blank_until_line_end();
      } else if (starts("/*")) {
        blank_through("*/", 2);
      } else if (starts("R\"") && !previous_is_word()) {
        const std::size_t open = text_.find('(', at_);
        blank_through(")" + text_.substr(at_ + 2, open - at_ - 2) + "\"", open + 1 - at_);
      } else if (c == '"' || (c == '\'' && !previous_is_word())) {
        blank_literal(c);
      } else {
        if (std::isspace(static_cast<unsigned char>(c)) == 0) line_start = false;
        ++at_;
      }
    }
    return std::move(text_);
  }

 private:
  [[nodiscard]] bool starts(std::string_view what) const {
    return std::string_view(text_).substr(at_).starts_with(what);
  }
  [[nodiscard]] bool previous_is_word() const { return at_ > 0 && is_word(text_[at_ - 1]); }

  void blank(std::size_t count) {
    for (; count > 0 && at_ < text_.size(); --count, ++at_) {
      if (text_[at_] != '\n') text_[at_] = ' ';
    }
  }
  void blank_until_line_end() { blank(std::min(text_.find('\n', at_), text_.size()) - at_); }
  void blank_through(const std::string& end, std::size_t skip) {
    const std::size_t found = text_.find(end, at_ + skip);
    blank(found == std::string::npos ? text_.size() : found + end.size() - at_);
  }
  void blank_directive() {
    bool continues = true;
    while (continues && at_ < text_.size()) {
      const std::size_t end = std::min(text_.find('\n', at_), text_.size());
      continues = end > at_ && text_[end - 1] == '\\';
      blank(end - at_ + (continues ? 1 : 0));
    }
  }
  /// Leaves the quotes, so that "x" is still an operand.
  void blank_literal(char quote) {
    for (++at_; at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n';) {
      blank(text_[at_] == '\\' ? 2 : 1);
    }
    ++at_;
  }

  std::string text_;
  std::size_t at_ = 0;
};

}  // namespace

const SourceFile* SourceTree::find(std::string_view path) const {
  const auto found = std::find_if(files.begin(), files.end(),
                                  [&](const SourceFile& file) { return file.path == path; });
  return found == files.end() ? nullptr : &*found;
}

void add_problem(Problems& problems, const SourceFile& file, std::size_t line,
                 std::string_view text) {
  problems.push_back(line == 0 ? fmt::format("{}: {}", file.path, text)
                               : fmt::format("{}:{}: {}", file.path, line, text));
}

SourceFile make_file(std::string path, std::string_view text) {
  SourceFile file;
  file.path = std::move(path);
  const bool binary = text.find('\0') != std::string_view::npos;
  if (!binary) file.lines = split_lines(text);
  if (file.is_cpp()) file.code = blank_non_code(file.lines);
  return file;
}

SourceTree read_tree(const fs::path& root) {
  SourceTree tree;
  for (auto entry = fs::recursive_directory_iterator(root);
       entry != fs::recursive_directory_iterator(); ++entry) {
    const std::string path = entry->path().lexically_relative(root).generic_string();
    const std::string name = entry->path().filename().string();
    if (entry->is_directory()) {
      if (is_skipped_folder(path, name)) entry.disable_recursion_pending();
      continue;
    }
    if (!entry->is_regular_file() || name.ends_with(".tmp") || name == ".git") continue;
    std::ifstream stream(entry->path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    tree.files.push_back(make_file(path, text));
    tree.files.back().executable = ::access(entry->path().c_str(), X_OK) == 0;
  }
  std::sort(tree.files.begin(), tree.files.end(),
            [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return tree;
}

std::vector<std::string> blank_non_code(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return split_lines(Blanker(std::move(text)).run());
}

std::string include_of(const std::string& line) {
  const std::size_t hash = line.find_first_not_of(" \t");
  if (hash == std::string::npos || line[hash] != '#') return {};
  const std::size_t word = line.find_first_not_of(" \t", hash + 1);
  if (word == std::string::npos || line.compare(word, 7, "include") != 0) return {};
  const std::size_t open = line.find_first_of("<\"", word);
  if (open == std::string::npos) return {};
  const std::size_t close = line.find_first_of(">\"", open + 1);
  return line.substr(open, close - open);
}

std::string module_of(std::string_view path) {
  if (!path.starts_with("lutgen/")) return {};
  path.remove_prefix(7);
  const std::size_t slash = path.find('/');
  return slash == std::string_view::npos ? std::string{} : std::string(path.substr(0, slash));
}

}  // namespace lutgen::style
