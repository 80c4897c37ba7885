// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/eval_c.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/base/process.hpp"

namespace lutgen::bench {
namespace {

constexpr std::uint32_t kTablesInFunction = 100;

/// The table's bits as an expression of in[...]; `table` has 2^inputs bits.
std::string expression(std::uint64_t table, std::size_t inputs, const std::uint32_t* sources) {
  const std::uint64_t all = inputs == 6 ? ~std::uint64_t{0} : (std::uint64_t{1} << (1u << inputs)) - 1;
  if (table == 0) return "0";
  if (table == all) return "~0ull";
  const std::string select = fmt::format("in[{}]", sources[inputs - 1]);
  if (inputs == 1) return table == 2 ? select : "~" + select;
  const std::uint32_t half = 1u << (inputs - 1);
  const std::uint64_t low = table & ((std::uint64_t{1} << half) - 1);
  const std::uint64_t high = table >> half;
  if (low == high) return expression(low, inputs - 1, sources);
  return fmt::format("(({} & {}) | (~{} & {}))", select, expression(high, inputs - 1, sources), select,
                     expression(low, inputs - 1, sources));
}

std::uint64_t table_word(const model::LutLayer& luts, std::uint32_t neuron) {
  std::uint64_t word = 0;
  const auto bytes = luts.table_of(neuron);
  for (std::size_t i = 0; i < bytes.size(); ++i) word |= std::uint64_t{bytes[i]} << (8 * i);
  return word;
}

}  // namespace

std::string c_text(const model::Model& model) {
  std::string text = "#include <stdint.h>\n";
  std::string calls;
  std::string buffers;
  std::string from = "in";
  for (std::size_t layer = 0; layer < model.layers.size(); ++layer) {
    const auto& luts = std::get<model::LutLayer>(model.layers[layer].operation);
    const bool is_last = layer + 1 == model.layers.size();
    const std::string to = is_last ? "out" : fmt::format("layer{}", layer);
    if (!is_last) buffers += fmt::format("  uint64_t {}[{}];\n", to, luts.neurons);
    for (std::uint32_t first = 0; first < luts.neurons; first += kTablesInFunction) {
      const std::string name = fmt::format("part{}_{}", layer, first);
      text += fmt::format("static __attribute__((noinline)) void {}(const uint64_t *restrict in, uint64_t *restrict out) {{\n", name);
      for (std::uint32_t n = first; n < std::min(luts.neurons, first + kTablesInFunction); ++n) {
        text += fmt::format("  out[{}] = {};\n", n, expression(table_word(luts, n), luts.fan_in, luts.inputs_of(n).data()));
      }
      text += "}\n";
      calls += fmt::format("  {}({}, {});\n", name, from, to);
    }
    from = to;
  }
  return text + "void evaluate(const uint64_t *restrict in, uint64_t *restrict out) {\n" + buffers + calls + "}\n";
}

Result<CompiledC> CompiledC::make(const model::Model& model, const std::filesystem::path& folder, const std::string& level) {
  LUTGEN_TRY_VOID(base::make_folder(folder));
  const std::filesystem::path source = folder / "network.c";
  const std::filesystem::path object = folder / fmt::format("network{}.so", level);
  LUTGEN_TRY_VOID(base::write_file(source, c_text(model)));
  CompiledC result;
  const auto start = std::chrono::steady_clock::now();
  LUTGEN_TRY_VOID(base::run_process({.arguments = {"gcc", level, "-shared", "-fPIC", "-o", object.string(), source.string()},
                                     .folder = {}, .environment = {}, .log = folder / "gcc.log"}));
  result.compile_seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  result.loaded_ = std::shared_ptr<void>(::dlopen(std::filesystem::absolute(object).c_str(), RTLD_NOW), [](void* loaded) {
    if (loaded != nullptr) ::dlclose(loaded);
  });
  if (result.loaded_ != nullptr) result.function_ = reinterpret_cast<Function>(::dlsym(result.loaded_.get(), "evaluate"));
  if (result.function_ == nullptr) return fail(Code::tool_failed, object.string(), "what gcc made cannot be loaded");
  return result;
}

}  // namespace lutgen::bench
