// SPDX-License-Identifier: Apache-2.0
#include "tests/style/declarations.hpp"

#include <algorithm>
#include <regex>

namespace lutgen::style {
namespace {

enum class Scope : std::uint8_t { open_namespace, hidden_namespace, type, function, braces };

/// The head without template parameters, attributes and storage words.
std::string without_prefix(const std::string& head) {
  static const std::regex kPrefix(
      R"(^(template ?<([^<>]|<([^<>]|<[^<>]*>)*>)*> ?|\[\[[^\]]*\]\] ?|(inline|static|constexpr|extern|typedef) ))");
  std::string text = head;
  for (std::smatch match; std::regex_search(text, match, kPrefix);) text = match.suffix();
  return text;
}

bool has_open_parenthesis(const std::string& head) {
  return std::count(head.begin(), head.end(), '(') != std::count(head.begin(), head.end(), ')');
}

bool is_type_head(const std::string& head) {
  static const std::regex kType("^(class|struct|union|enum)\\b");
  return std::regex_search(without_prefix(head), kType) && !head.ends_with(')');
}

/// Ends like the signature of a function, or like a constructor's list of initialisers.
bool is_function_head(const std::string& head) {
  static const std::regex kSignature(
      R"(\) ?(const|noexcept|override|final|mutable|&|&&|try|requires| )*(-> ?[^;]*)?$)");
  static const std::regex kInitialisers(R"(\) ?(noexcept ?)?: ?.*(\)|\{\})$)");
  return !has_open_parenthesis(head) &&
         (std::regex_search(head, kSignature) || std::regex_search(head, kInitialisers));
}

class Scanner {
 public:
  std::vector<Declaration> run(const std::vector<std::string>& code) {
    for (line_ = 1; line_ <= code.size(); ++line_) {
      for (const char c : code[line_ - 1]) step(c);
      step(' ');
    }
    std::stable_sort(done_.begin(), done_.end(),
                     [](const auto& a, const auto& b) { return a.first_line < b.first_line; });
    return std::move(done_);
  }

 private:
  struct Level {
    Scope scope;
    std::size_t declaration;  // index in done_, or kNone
  };
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  [[nodiscard]] Scope scope() const {
    return levels_.empty() ? Scope::open_namespace : levels_.back().scope;
  }

  void step(char c) {
    if (scope() == Scope::function || scope() == Scope::braces) {
      if (c == '{') levels_.push_back({scope(), kNone});
      if (c == '}') close();
    } else if (c == '{') {
      open();
    } else if (c == '}') {
      close();
    } else if (c == ';' && !has_open_parenthesis(head_)) {
      if (!head_.empty()) emit(DeclarationKind::other, false);
      head_.clear();
    } else if (c == ':' && (head_ == "public" || head_ == "private" || head_ == "protected")) {
      head_.clear();
    } else {
      append(c);
    }
  }

  void append(char c) {
    if (c != ' ' && c != '\t') {
      if (head_.empty()) head_line_ = line_;
      head_ += c;
    } else if (!head_.empty() && head_.back() != ' ') {
      head_ += ' ';
    }
  }

  void emit(DeclarationKind kind, bool has_body) {
    while (head_.ends_with(' ')) head_.pop_back();
    if (kind == DeclarationKind::other && is_function_head(head_)) kind = DeclarationKind::function;
    if (kind == DeclarationKind::other && is_type_head(head_)) kind = DeclarationKind::type;
    done_.push_back({kind, head_, head_line_, line_, has_body,
                     scope() == Scope::open_namespace && !levels_.empty()});
  }

  void open() {
    while (head_.ends_with(' ')) head_.pop_back();
    const std::string bare = without_prefix(head_);
    Scope inner = Scope::braces;
    std::size_t declaration = kNone;
    if (bare.starts_with("namespace") || head_.starts_with("extern \"")) {
      const bool hidden =
          bare == "namespace" || bare.ends_with("detail") || scope() == Scope::hidden_namespace;
      inner = hidden ? Scope::hidden_namespace : Scope::open_namespace;
    } else if (is_type_head(head_)) {
      inner = bare.starts_with("enum") ? Scope::braces : Scope::type;
      emit(DeclarationKind::type, true);
      declaration = done_.size() - 1;
    } else if (is_function_head(head_)) {
      inner = Scope::function;
      emit(DeclarationKind::function, true);
      declaration = done_.size() - 1;
    }
    levels_.push_back({inner, declaration});
    if (inner != Scope::braces || declaration != kNone) head_.clear();
  }

  void close() {
    if (levels_.empty()) return;
    const Level level = levels_.back();
    levels_.pop_back();
    if (level.declaration != kNone) done_[level.declaration].last_line = line_;
    const bool was_initialiser = level.scope == Scope::braces && level.declaration == kNone;
    if (was_initialiser && scope() != Scope::braces && scope() != Scope::function) head_ += "{}";
  }

  std::vector<Level> levels_;
  std::vector<Declaration> done_;
  std::string head_;
  std::size_t head_line_ = 0;
  std::size_t line_ = 0;
};

}  // namespace

std::vector<Declaration> find_declarations(const SourceFile& file) {
  return Scanner().run(file.code);
}

}  // namespace lutgen::style
