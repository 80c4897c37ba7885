// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/compiled_network.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <variant>

#include <fmt/core.h>

#include "lutgen/base/parallel.hpp"
#include "lutgen/eval/encoded_program.hpp"
#include "lutgen/eval/machine_code.hpp"
#include "lutgen/eval/packing.hpp"

namespace lutgen::eval {
namespace {

/// Samples that one call of the code takes. More would be read into the second-level cache where words and code should stay.
constexpr std::size_t kChunkSamples = 512;

/// Words that begin at a multiple of 64 bytes, zeroed.
class AlignedWords {
 public:
  explicit AlignedWords(std::size_t count) : storage_(count + 8) {
    void* start = storage_.data();
    std::size_t space = storage_.size() * sizeof(std::uint64_t);
    words_ = static_cast<std::uint64_t*>(std::align(64, count * sizeof(std::uint64_t), start, space));
  }
  [[nodiscard]] std::uint64_t* data() { return words_; }

 private:
  std::vector<std::uint64_t> storage_;
  std::uint64_t* words_;
};

}  // namespace

/// Everything that `predict` reads.
struct CompiledNetwork::Implementation {
  Target target = Target::portable;
  std::string note;
  CompileFigures figures;
  std::size_t features = 0;
  GraphProgram graph;
  std::shared_ptr<const MachineCode> code;  // null when interpreted
  std::unique_ptr<InputPacker> packer;

  /// What one thread works with.
  struct Workspace {
    AlignedWords inputs;
    AlignedWords outputs;
    AlignedWords scratch;
    std::vector<std::uint64_t> values;  // of the interpreter
    std::vector<std::uint64_t> tiles;   // of the packer

    Workspace(const Implementation& network, std::size_t blocks)
        : inputs(blocks * network.graph.program.input_count * lanes_of(network.target)),
          outputs(blocks * network.graph.program.outputs.size() * lanes_of(network.target)),
          scratch(network.code == nullptr ? 0 : blocks * network.code->scratch_words()) {}
  };

  /// Workspaces that no thread is using: making one takes as long as answering some hundred samples.
  class Pool {
   public:
    std::unique_ptr<Workspace> take(const Implementation& network) {
      {
        const std::scoped_lock lock(mutex_);
        if (!idle_.empty()) {
          std::unique_ptr<Workspace> work = std::move(idle_.back());
          idle_.pop_back();
          return work;
        }
      }
      return std::make_unique<Workspace>(network, kChunkSamples / (64 * lanes_of(network.target)));
    }
    void give_back(std::unique_ptr<Workspace> work) {
      const std::scoped_lock lock(mutex_);
      idle_.push_back(std::move(work));
    }

   private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<Workspace>> idle_;
  };
  mutable Pool pool;

  /// `next` are samples that are packed soon.
  void run(Workspace& work, std::size_t blocks, const void* next) const {
    if (code != nullptr) {
      code->run(work.inputs.data(), work.outputs.data(), work.scratch.data(), blocks, next);
      return;
    }
    const std::size_t lanes = lanes_of(target);
    const std::size_t inputs = graph.program.input_count * lanes;
    const std::size_t outputs = graph.program.outputs.size() * lanes;
    for (std::size_t block = 0; block < blocks; ++block) {
      interpret(graph.program, lanes, {work.inputs.data() + block * inputs, inputs},
                {work.outputs.data() + block * outputs, outputs}, work.values);
    }
  }

  /// Generated code leaves complements, and the constant 1 that is one, to its caller.
  void invert_outputs(Workspace& work, std::size_t blocks) const {
    if (code == nullptr) return;
    const std::size_t lanes = lanes_of(target);
    const std::size_t outputs = graph.program.outputs.size();
    for (std::size_t o = 0; o < outputs; ++o) {
      if (!is_inverted(graph.program.outputs[o])) continue;
      const bool is_constant = value_of(graph.program.outputs[o]) == 0;
      for (std::size_t block = 0; block < blocks; ++block) {
        std::uint64_t* words = work.outputs.data() + (block * outputs + o) * lanes;
        for (std::size_t l = 0; l < lanes; ++l) words[l] = is_constant ? ~std::uint64_t{0} : ~words[l];
      }
    }
  }

  /// Numbers of 64 samples, from `count` planes: give(s, number) for s below `samples`.
  template <class Give>
  void read_numbers(const std::uint64_t* planes, std::size_t count, std::size_t samples, Give&& give) const {
    const std::size_t lanes = lanes_of(target);
    const BitKernels& kernels = bit_kernels(target);
    alignas(64) std::array<std::uint8_t, kTile> part;
    if (count <= 8) {
      kernels.spread(planes, lanes, count, part.data());
      for (std::size_t s = 0; s < samples; ++s) give(s, part[s]);
      return;
    }
    std::array<std::uint64_t, kTile> numbers{};
    for (std::size_t p = 0; p < count; p += 8) {
      kernels.spread(planes + p * lanes, lanes, std::min<std::size_t>(8, count - p), part.data());
      for (std::size_t s = 0; s < kTile; ++s) numbers[s] |= std::uint64_t{part[s]} << p;
    }
    for (std::size_t s = 0; s < samples; ++s) give(s, numbers[s]);
  }

  /// Writes the answers of 64 samples or fewer; `words` is the lane of the first output, `first` the first sample.
  void unpack(const std::uint64_t* words, std::size_t first, std::size_t samples, const PredictArrays& arrays) const {
    const std::size_t lanes = lanes_of(target);
    if (!arrays.classes.empty()) {
      std::uint32_t* classes = &arrays.classes[first];
      read_numbers(words + graph.bits * lanes, graph.class_planes, samples,
                   [&](std::size_t s, std::uint64_t number) { classes[s] = static_cast<std::uint32_t>(number); });
    }
    if (!arrays.scores.empty()) {
      for (std::size_t c = 0; c < graph.scores; ++c) {
        const std::size_t plane = graph.bits + graph.class_planes + c * graph.score_planes;
        std::int64_t* scores = &arrays.scores[first * graph.scores + c];
        read_numbers(words + plane * lanes, graph.score_planes, samples, [&](std::size_t s, std::uint64_t number) {
          scores[s * graph.scores] = graph.score_offset + static_cast<std::int64_t>(number);
        });
      }
    }
    if (!arrays.bits.empty()) {
      for (std::size_t b = 0; b < graph.bits; ++b) {
        std::uint8_t* bits = &arrays.bits[first * graph.bits + b];
        for (std::size_t s = 0; s < samples; ++s) bits[s * graph.bits] = static_cast<std::uint8_t>((words[b * lanes] >> s) & 1);
      }
    }
  }
};

Result<CompiledNetwork> CompiledNetwork::compile(const model::Model& model, Target target) {
  LUTGEN_CHECK(is_supported(target));
  const auto start = std::chrono::steady_clock::now();
  LUTGEN_TRY(EncodedProgram program, build_encoded_program(model, basis_of(target)));
  auto network = std::make_shared<Implementation>();
  network->target = target;
  network->features = model.input.feature_count();
  network->graph = std::move(program.graph);
  if (target != Target::portable) {
    // Of samples of bytes, whose memory is waited for most.
    const std::size_t fetch_bytes = kChunkSamples * network->features;
    network->code = MachineCode::generate(network->graph.program, target, {.part_bytes = 0, .fetch_bytes = fetch_bytes});
    if (network->code == nullptr) {
      network->target = Target::portable;
      network->note = fmt::format("no executable memory for {} code: interpreted instead, many times slower", target_name(target));
    }
  }
  network->packer = std::make_unique<InputPacker>(program.bits, network->features, network->target);
  network->figures = {network->graph.program.ops.size(), program.bits.size(),
                      network->code == nullptr ? 0 : network->code->code_bytes(),
                      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()};
  return CompiledNetwork(std::move(network));
}

template <class Value>
void CompiledNetwork::predict_values(const Value* samples, std::size_t count, const PredictArrays& arrays,
                                     const AnswerOptions& options) const {
  const Implementation& network = *implementation_;
  const std::size_t lanes = lanes_of(network.target);
  const std::size_t chunks = (count + kChunkSamples - 1) / kChunkSamples;
  const std::size_t workers = std::clamp<std::size_t>(options.threads, 1, std::max<std::size_t>(1, chunks));
  std::atomic<std::size_t> next{0};
  std::atomic<std::size_t> done{0};
  base::parallel_for(workers, workers, [&](std::size_t) {
    auto workspace = network.pool.take(network);
    Implementation::Workspace& work = *workspace;
    for (std::size_t chunk = next.fetch_add(1); chunk < chunks; chunk = next.fetch_add(1)) {
      const std::size_t first = chunk * kChunkSamples;
      const std::size_t here = std::min(kChunkSamples, count - first);
      const std::size_t blocks = (here + 64 * lanes - 1) / (64 * lanes);
      network.packer->pack(samples + first * network.features, here, work.inputs.data(), work.tiles);
      // Most likely what this thread takes next.
      const std::size_t next_chunk = chunk + workers < chunks ? chunk + workers : chunk;
      network.run(work, blocks, samples + next_chunk * kChunkSamples * network.features);
      network.invert_outputs(work, blocks);
      for (std::size_t group = 0; group * 64 < here; ++group) {
        const std::size_t block = group / lanes * network.graph.program.outputs.size() * lanes;
        network.unpack(work.outputs.data() + block + group % lanes, first + group * 64,
                       std::min<std::size_t>(64, here - group * 64), arrays);
      }
      const std::size_t finished = done.fetch_add(here) + here;
      if (options.progress != nullptr) options.progress->update("compiled", finished, count);
    }
    network.pool.give_back(std::move(workspace));
  });
}

void CompiledNetwork::predict(std::span<const std::uint8_t> samples, std::size_t count, const PredictArrays& arrays,
                              const AnswerOptions& options) const {
  LUTGEN_CHECK(samples.size() == count * feature_count());
  predict_values(samples.data(), count, arrays, options);
}

void CompiledNetwork::predict(std::span<const float> samples, std::size_t count, const PredictArrays& arrays,
                              const AnswerOptions& options) const {
  LUTGEN_CHECK(samples.size() == count * feature_count());
  predict_values(samples.data(), count, arrays, options);
}

Target CompiledNetwork::target() const { return implementation_->target; }
const std::string& CompiledNetwork::note() const { return implementation_->note; }
std::size_t CompiledNetwork::feature_count() const { return implementation_->features; }
std::size_t CompiledNetwork::class_count() const { return implementation_->graph.scores; }
std::size_t CompiledNetwork::bit_count() const { return implementation_->graph.bits; }
const CompileFigures& CompiledNetwork::figures() const { return implementation_->figures; }

Result<Answers> answer_compiled(const CompiledNetwork& network, const model::Model& model, const data::Dataset& dataset,
                                const AnswerOptions& options) {
  LUTGEN_TRY(Answers answers, prepare_answers(model, dataset));
  std::visit([&](const auto& samples) {
    network.predict(samples, dataset.sample_count(), {answers.classes, answers.scores, {}}, options);
  }, dataset.features);
  return answers;
}

}  // namespace lutgen::eval
