// SPDX-License-Identifier: Apache-2.0
#include "lutgen/csource/print.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include <fmt/core.h>

#include "lutgen/base/result.hpp"

namespace lutgen::csource {
namespace {

using eval::Lit;
using model::FeatureType;

constexpr std::size_t kLineLength = 100;

template <class... Values>
void put(std::string& text, fmt::format_string<Values...> format, Values&&... values) {
  fmt::format_to(std::back_inserter(text), format, std::forward<Values>(values)...);
}

/// A comment at the head of a file.
void put_comment(std::string& text, const std::vector<std::string>& lines) {
  text += "/*\n";
  for (const std::string& line : lines) put(text, " *{}{}\n", line.empty() ? "" : " ", line);
  text += " */\n";
}

/// The smallest value has no literal of its own.
std::string integer_literal(std::int64_t value) {
  if (value == std::numeric_limits<std::int32_t>::min()) return "(-2147483647 - 1)";
  return fmt::format("{}", value);
}

/// A finite float x is above a threshold when it is above the largest float that is not above it. Nine digits say which.
std::string float_literal(double threshold) {
  auto value = static_cast<float>(threshold);
  if (value > threshold) value = std::nextafter(value, -std::numeric_limits<float>::infinity());
  LUTGEN_CHECK(std::isfinite(value));
  std::string text = fmt::format("{:.9g}", value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text + "f";
}

struct Range {
  std::int64_t lowest = 0;
  std::int64_t highest = 0;
};

/// Of an integer type.
Range range_of(FeatureType type) {
  const bool is_signed = type == FeatureType::i8 || type == FeatureType::i16 || type == FeatureType::i32;
  const std::int64_t values = std::int64_t{1} << model::bits_per_feature(type);
  return is_signed ? Range{-values / 2, values / 2 - 1} : Range{0, values - 1};
}

/// An integer x of the type is above a threshold when it is above the largest integer that is not above it; below the
/// type's lowest value one is as good as any other.
std::int64_t whole_threshold(FeatureType type, double threshold) {
  const Range range = range_of(type);
  return static_cast<std::int64_t>(
      std::clamp(std::floor(threshold), static_cast<double>(range.lowest - 1), static_cast<double>(range.highest)));
}

/// The type of the thresholds: a wider one where a comparison always holds, which the features' own cannot say.
const char* threshold_type(const SourceText& text) {
  if (text.type == FeatureType::f32) return "float";
  const bool always = std::any_of(text.bits.begin(), text.bits.end(), [&](const eval::EncodedBit& bit) {
    return whole_threshold(text.type, bit.threshold) < range_of(text.type).lowest;
  });
  if (!always) return feature_c_type(text.type);
  const std::uint32_t width = model::bits_per_feature(text.type);
  return width <= 8 ? "int16_t" : width <= 16 ? "int32_t" : "int64_t";
}

std::string threshold_literal(FeatureType type, double threshold) {
  return type == FeatureType::f32 ? float_literal(threshold) : integer_literal(whole_threshold(type, threshold));
}

/// An array of constants, many in a line.
template <class Literal>
void put_table(std::string& text, const char* type, const std::string& name, std::size_t count, Literal&& literal) {
  put(text, "static const {} {}[{}] = {{", type, name, count);
  std::string line;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string item = literal(i) + (i + 1 < count ? "," : "");
    if (line.empty() || line.size() + 1 + item.size() > kLineLength) {
      text += line;
      line = "\n   ";
    }
    line += " " + item;
  }
  text += line + "\n};\n";
}

const char* index_type(std::uint64_t values) {
  return values <= 256 ? "uint8_t" : values <= 65'536 ? "uint16_t" : "uint32_t";
}

const char* class_type(const SourceText& text) { return text.classes <= 256 ? "uint8_t" : "uint32_t"; }

/// What is added to the number that the planes of a score are.
std::string offset_text(const SourceText& text) {
  return text.score_offset == 0 ? "" : fmt::format(" + {}", text.score_offset);
}

/// Without a name that is declared and never used: warnings are errors for some.
void put_unused(std::string& text, bool is_used, const char* name) {
  if (!is_used) put(text, "  (void){};\n", name);
}

/// The functions of the program, and NAME_predict64, which calls them.
class ProgramPrinter {
 public:
  explicit ProgramPrinter(const SourceText& text) : text_(text), program_(*text.program), plan_(*text.plan) {}

  std::string run() {
    std::uint32_t begin = 0;
    for (std::size_t part = 0; part < plan_.part_ends.size(); ++part) {
      put_part(part, begin, plan_.part_ends[part]);
      begin = plan_.part_ends[part];
    }
    put_entry();
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::uint32_t first() const { return 1 + program_.input_count; }

  /// How a value is read.
  void put_value(std::uint32_t value) {
    if (value < first()) {
      put(out_, "in[{}]", value - 1);
      uses_in_ = true;
    } else if (plan_.places[value - first()] == kLocal) {
      put(out_, "v{}", value - first());
    } else {
      put(out_, "t[{}]", plan_.places[value - first()]);
      uses_t_ = true;
    }
  }

  /// Tables have bit 0 clear: bit 1 is the result where only x is 1, bit 2 where only y is, bit 3 where both are.
  void put_op(const eval::WordOp& op) {
    const unsigned table = op.table & 0xFu;
    LUTGEN_CHECK(table == 2 || table == 4 || table == 6 || table == 8 || table == 14);
    if (table == 4) out_ += '~';
    put_value(op.operands[0]);
    switch (table) {
      case 2: out_ += " & ~"; break;
      case 6: out_ += " ^ "; break;
      case 14: out_ += " | "; break;
      default: out_ += " & "; break;
    }
    put_value(op.operands[1]);
    out_ += ";\n";
  }

  void put_write(std::uint32_t output) {
    const Lit lit = program_.outputs[output];
    put(out_, "  out[{}] = {}", output, eval::is_inverted(lit) ? "~" : "");
    if (eval::value_of(lit) == 0) {
      out_ += "(uint64_t)0";
    } else {
      put_value(eval::value_of(lit));
    }
    out_ += ";\n";
  }

  void put_part(std::size_t part, std::uint32_t begin, std::uint32_t end) {
    const std::size_t start = out_.size();
    uses_in_ = uses_t_ = uses_out_ = false;
    for (std::uint32_t i = begin; i < end; ++i) {
      const std::uint32_t place = plan_.places[i];
      if (place == kUnneeded) continue;
      if (place == kLocal) {
        put(out_, "  const uint64_t v{} = ", i);
      } else {
        put(out_, "  t[{}] = ", place);
        uses_t_ = true;
      }
      put_op(program_.ops[i]);
      for (std::uint32_t w = plan_.writes[i]; w < plan_.writes[i + 1]; ++w) put_write(plan_.write_outputs[w]);
      uses_out_ = uses_out_ || plan_.writes[i] != plan_.writes[i + 1];
    }
    std::string head = fmt::format("static {}_PART void {}_part{}(const uint64_t *in, uint64_t *t, uint64_t *out) {{\n",
                                   text_.macros, text_.prefix, part);
    put_unused(head, uses_in_, "in");
    put_unused(head, uses_t_, "t");
    put_unused(head, uses_out_, "out");
    out_.insert(start, head);
    out_ += "}\n\n";
  }

  void put_entry() {
    put(out_, "void {}_predict64(const uint64_t *in, uint64_t *out) {{\n", text_.prefix);
    if (!plan_.part_ends.empty()) put(out_, "  uint64_t t[{}];\n", std::max(plan_.elements, 1u));
    uses_in_ = !plan_.part_ends.empty();
    for (std::size_t part = 0; part < plan_.part_ends.size(); ++part) put(out_, "  {}_part{}(in, t, out);\n", text_.prefix, part);
    for (const std::uint32_t output : plan_.direct) put_write(output);
    put_unused(out_, uses_in_, "in");
    out_ += "}\n";
  }

  const SourceText& text_;
  const eval::Program& program_;
  const Plan& plan_;
  std::string out_;
  bool uses_in_ = false;
  bool uses_t_ = false;
  bool uses_out_ = false;
};

std::string pack_signature(const SourceText& text) {
  return fmt::format("void {}_pack64(const {} *features, uint32_t count, uint64_t *out)", text.prefix, feature_c_type(text.type));
}

std::string predict_signature(const SourceText& text) {
  std::string results = ", uint8_t *bits";
  if (text.classes != 0) results = fmt::format(", {} *classes", class_type(text));
  if (text.score_planes != 0) results += ", int32_t *scores";
  return fmt::format("void {}_predict(const {} *features, uint32_t count{})", text.prefix, feature_c_type(text.type), results);
}

void put_pack(std::string& out, const SourceText& text) {
  put_table(out, index_type(text.features), text.prefix + "_feature_of", text.bits.size(),
            [&](std::size_t i) { return fmt::format("{}", text.bits[i].feature); });
  put_table(out, threshold_type(text), text.prefix + "_threshold_of", text.bits.size(),
            [&](std::size_t i) { return threshold_literal(text.type, text.bits[i].threshold); });
  put(out,
      "\n{0} {{\n"
      "  uint32_t i, s;\n"
      "  for (i = 0; i < {1}_INPUTS; ++i) {{\n"
      "    const {2} *x = features + {3}_feature_of[i];\n"
      "    uint64_t word = 0;\n"
      "    for (s = 0; s < count; ++s) {{\n"
      "      word |= (uint64_t)(x[s * {1}_FEATURES] > {3}_threshold_of[i]) << s;\n"
      "    }}\n"
      "    out[i] = word;\n"
      "  }}\n"
      "}}\n\n",
      pack_signature(text), text.macros, feature_c_type(text.type), text.prefix);
}

/// Loops of NAME_predict that turn words into answers of `n` samples.
void put_answers(std::string& out, const SourceText& text) {
  if (text.classes == 0) {
    put(out,
        "    for (s = 0; s < n; ++s) {{\n"
        "      for (i = 0; i < {0}_BITS; ++i) bits[s * {0}_BITS + i] = (uint8_t)((words[i] >> s) & 1);\n"
        "    }}\n"
        "    bits += n * {0}_BITS;\n",
        text.macros);
    return;
  }
  put(out,
      "    for (s = 0; s < n; ++s) {{\n"
      "      uint32_t index = 0;\n"
      "      for (i = 0; i < {}; ++i) index |= (uint32_t)((words[i] >> s) & 1) << i;\n"
      "      classes[s] = ({})index;\n"
      "    }}\n"
      "    classes += n;\n",
      text.class_planes, class_type(text));
  if (text.score_planes == 0) return;
  put(out,
      "    for (s = 0; s < n; ++s) {{\n"
      "      for (c = 0; c < {0}_CLASSES; ++c) {{\n"
      "        const uint64_t *planes = words + {1} + {2} * c;\n"
      "        uint32_t score = 0;\n"
      "        for (i = 0; i < {2}; ++i) score |= (uint32_t)((planes[i] >> s) & 1) << i;\n"
      "        scores[s * {0}_CLASSES + c] = (int32_t)score{3};\n"
      "      }}\n"
      "    }}\n"
      "    scores += n * {0}_CLASSES;\n",
      text.macros, text.class_planes, text.score_planes, offset_text(text));
}

void put_predict(std::string& out, const SourceText& text) {
  put(out,
      "\n{0} {{\n"
      "  uint64_t in[{1}_INPUTS];\n"
      "  uint64_t words[{1}_OUTPUTS];\n"
      "  uint32_t n, s, i{2};\n"
      "  for (; count > 0; count -= n) {{\n"
      "    n = count < 64 ? count : 64;\n"
      "    {3}_pack64(features, n, in);\n"
      "    {3}_predict64(in, words);\n",
      predict_signature(text), text.macros, text.score_planes != 0 ? ", c" : "", text.prefix);
  put_answers(out, text);
  put(out,
      "    features += n * {}_FEATURES;\n"
      "  }}\n"
      "}}\n",
      text.macros);
}

}  // namespace

const char* feature_c_type(FeatureType type) {
  switch (type) {
    case FeatureType::bit: return "uint8_t";
    case FeatureType::u8: return "uint8_t";
    case FeatureType::i8: return "int8_t";
    case FeatureType::u16: return "uint16_t";
    case FeatureType::i16: return "int16_t";
    case FeatureType::i32: return "int32_t";
    case FeatureType::f32: return "float";
  }
  return "";
}

std::string print_header(const SourceText& text) {
  std::string out;
  put_comment(out, text.lines);
  put(out, "#ifndef {0}_H\n#define {0}_H\n\n#include <stdint.h>\n\n", text.macros);
  put(out, "#define {}_FEATURES {}u /* values of a sample */\n", text.macros, text.features);
  if (text.classes != 0) {
    put(out, "#define {}_CLASSES {}u\n", text.macros, text.classes);
  } else {
    put(out, "#define {}_BITS {}u /* of the network's answer */\n", text.macros, text.program->outputs.size());
  }
  put(out, "#define {}_INPUTS {}u /* words that {}_predict64 reads */\n", text.macros, text.bits.size(), text.prefix);
  put(out, "#define {}_OUTPUTS {}u /* words that it writes */\n\n", text.macros, text.program->outputs.size());
  out += "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
  put(out, "/* Answers `count` samples, any number. features [count][{}_FEATURES]; ", text.macros);
  if (text.classes != 0) {
    put(out, "classes [count]{}. */\n", text.score_planes != 0 ? fmt::format(", scores [count][{}_CLASSES]", text.macros) : "");
  } else {
    put(out, "bits [count][{}_BITS], 0 or 1. */\n", text.macros);
  }
  put(out, "{};\n\n", predict_signature(text));
  put(out, "/* Packs at most 64 samples: bit s of out[i], s counted from the least significant, is input i of sample s;\n"
           "   bits of samples that are not there are 0. features [count][{0}_FEATURES]; out [{0}_INPUTS]. */\n{1};\n\n",
      text.macros, pack_signature(text));
  const std::string classes = text.classes == 0 ? "out[i] is bit i of the answer" : fmt::format(
      "out[i], i below {}, is bit i of the class index, least significant first{}", text.class_planes,
      text.score_planes == 0 ? "" : fmt::format(";\n   score c is the number out[{0} + {1} * c] .. out[{0} + {1} * c + {2}]{3}",
                                                text.class_planes, text.score_planes, text.score_planes - 1, offset_text(text)));
  put(out, "/* Answers 64 samples that are packed. in [{0}_INPUTS], out [{0}_OUTPUTS], which may not overlap:\n   {1}. */\n"
           "void {2}_predict64(const uint64_t *in, uint64_t *out);\n\n",
      text.macros, classes, text.prefix);
  out += "#ifdef __cplusplus\n}\n#endif\n\n#endif\n";
  return out;
}

std::string print_source(const SourceText& text) {
  LUTGEN_CHECK(!text.bits.empty() && text.bits.size() == text.program->input_count && !text.program->outputs.empty());
  // A score counts bits, of which a layer has fewer.
  LUTGEN_CHECK(text.score_planes <= 31 && text.score_offset >= 0 && text.score_offset + (std::int64_t{1} << text.score_planes) <= std::int64_t{1} << 31);
  std::string out;
  put_comment(out, text.lines);
  put(out, "#include \"{}.h\"\n\n", text.prefix);
  if (!text.plan->part_ends.empty()) {
    out += "/* Put together again by a compiler, the parts would be one function that takes long to compile. */\n";
    put(out, "#if defined(__GNUC__)\n#define {0}_PART __attribute__((noinline))\n#else\n#define {0}_PART\n#endif\n\n", text.macros);
  }
  put(out, "/* Input i is features[{0}_feature_of[i]] > {0}_threshold_of[i]. */\n", text.prefix);
  put_pack(out, text);
  out += ProgramPrinter(text).run();
  put_predict(out, text);
  return out;
}

}  // namespace lutgen::csource
