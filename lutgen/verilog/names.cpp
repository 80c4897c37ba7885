// SPDX-License-Identifier: Apache-2.0
#include "lutgen/verilog/names.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "lutgen/tech/cells.hpp"

namespace lutgen::verilog {
namespace {

/// Reserved words of IEEE 1364-2001 and IEEE 1800-2017 that are plain lower-case words.
constexpr std::array kReserved = std::to_array<std::string_view>({
    "accept_on", "alias", "always", "always_comb", "always_ff", "always_latch", "and", "assert",
    "assign", "assume", "automatic", "before", "begin", "bind", "bins", "binsof", "bit", "break",
    "buf", "bufif0", "bufif1", "byte", "case", "casex", "casez", "cell", "chandle", "checker", "class",
    "clocking", "cmos", "config", "const", "constraint", "context", "continue", "cover", "covergroup",
    "coverpoint", "cross", "deassign", "default", "defparam", "design", "disable", "dist", "do",
    "edge", "else", "end", "endcase", "endchecker", "endclass", "endclocking", "endconfig",
    "endfunction", "endgenerate", "endgroup", "endinterface", "endmodule", "endpackage",
    "endprimitive", "endprogram", "endproperty", "endsequence", "endspecify", "endtable", "endtask",
    "enum", "event", "eventually", "expect", "export", "extends", "extern", "final", "first_match",
    "for", "force", "foreach", "forever", "fork", "forkjoin", "function", "generate", "genvar",
    "global", "highz0", "highz1", "if", "iff", "ifnone", "ignore_bins", "illegal_bins", "implements",
    "implies", "import", "incdir", "include", "initial", "inout", "input", "inside", "instance", "int",
    "integer", "interconnect", "interface", "intersect", "join", "join_any", "join_none", "large",
    "let", "liblist", "library", "local", "localparam", "logic", "longint", "macromodule", "matches",
    "medium", "modport", "module", "nand", "negedge", "nettype", "new", "nexttime", "nmos", "nor",
    "noshowcancelled", "not", "notif0", "notif1", "null", "or", "output", "package", "packed",
    "parameter", "pmos", "posedge", "primitive", "priority", "program", "property", "protected",
    "pull0", "pull1", "pulldown", "pullup", "pulsestyle_ondetect", "pulsestyle_onevent", "pure",
    "rand", "randc", "randcase", "randsequence", "rcmos", "real", "realtime", "ref", "reg",
    "reject_on", "release", "repeat", "restrict", "return", "rnmos", "rpmos", "rtran", "rtranif0",
    "rtranif1", "s_always", "s_eventually", "s_nexttime", "s_until", "s_until_with", "scalared",
    "sequence", "shortint", "shortreal", "showcancelled", "signed", "small", "soft", "solve",
    "specify", "specparam", "static", "string", "strong", "strong0", "strong1", "struct", "super",
    "supply0", "supply1", "sync_accept_on", "sync_reject_on", "table", "tagged", "task", "this",
    "throughout", "time", "timeprecision", "timeunit", "tran", "tranif0", "tranif1", "tri", "tri0",
    "tri1", "triand", "trior", "trireg", "type", "typedef", "union", "unique", "unique0", "unsigned",
    "until", "until_with", "untyped", "use", "uwire", "var", "vectored", "virtual", "void", "wait",
    "wait_order", "wand", "weak", "weak0", "weak1", "while", "wildcard", "wire", "with", "within",
    "wor", "xnor", "xor"});
static_assert(std::is_sorted(kReserved.begin(), kReserved.end()));

constexpr std::array kPorts = {kClockPort,    kResetPort, kInValidPort, kFeaturesPort,
                               kOutValidPort, kClassPort, kScoresPort,  kBitsPort};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_word(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; }

/// Nets inside the module begin with `l<digit>`, `valid_`, `features_` or `unused_`.
bool looks_like_net(std::string_view name) {
  if (name.size() > 1 && name[0] == 'l' && name[1] >= '0' && name[1] <= '9') return true;
  return name.starts_with("valid_") || name.starts_with("features_") || name.starts_with("unused_");
}

bool is_primitive(std::string_view name) {
  for (std::size_t i = 0; i < tech::kCellCount; ++i) {
    if (tech::cell_type(static_cast<tech::Cell>(i)).name == name) return true;
  }
  return false;
}

bool is_taken(std::string_view name) {
  return std::binary_search(kReserved.begin(), kReserved.end(), name) ||
         std::find(kPorts.begin(), kPorts.end(), name) != kPorts.end() || is_primitive(name) ||
         looks_like_net(name);
}

}  // namespace

std::string legalize_module_name(std::string_view name) {
  std::string result;
  for (const char c : name.substr(0, 120)) result += is_word(c) ? c : '_';
  if (result.empty() || !is_letter(result[0])) result = "net_" + result;
  if (is_taken(result)) result += "_net";
  if (is_taken(result)) result = "net_" + result;
  return result;
}

Result<void> check_module_name(std::string_view name) {
  const bool plain = !name.empty() && name.size() <= 128 && is_letter(name[0]) &&
                     std::all_of(name.begin(), name.end(), is_word);
  if (!plain) {
    return fail(Code::verilog_bad_name, std::string(name),
                "expected a module name of letters, digits and underscores that starts with a letter, "
                "at most 128 characters",
                "choose another name with --top");
  }
  if (is_taken(name)) {
    return fail(Code::verilog_name_collision, std::string(name),
                fmt::format("the module name '{}' is a reserved word, a primitive, a port or a wire of "
                            "the generated module",
                            name),
                "choose another name with --top");
  }
  return {};
}

}  // namespace lutgen::verilog
