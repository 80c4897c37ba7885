// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "lutgen/base/progress.hpp"
#include "lutgen/base/result.hpp"
#include "lutgen/data/dataset.hpp"
#include "lutgen/model/model.hpp"
#include "lutgen/train/encoder.hpp"
#include "lutgen/train/warp.hpp"

namespace lutgen::train {

/// How networks are learned: `native` from tables, `lutnet` from a binarised network whose weights become tables, `bnn` the same
/// without that step.
enum class Recipe : std::uint8_t { native, lutnet, bnn };

/// What computes. `cpu`: kernels of our own, the same bytes on every machine. `cpu_tensors` and `cuda`: operations of libtorch, whose
/// sums may come out differently from machine to machine.
enum class Device : std::uint8_t { cpu, cpu_tensors, cuda };

/// What only the recipes `lutnet` and `bnn` have.
///
/// levels         bits of residual binarisation that every hidden neuron gives, 1 to 3
/// epochs         of the three steps: real weights; pruned, binary weights; frozen scales, and tables in recipe lutnet. With tiles a
///                fourth before the last: tables with real entries
/// tiles          tiled form: parts of a layer's lanes, and of its neurons, that share tables (bnn: and are pruned alike); empty: unrolled
/// density        part of the weights that pruning leaves in each layer but the first, above 0
/// threshold      if above 0, instead: weights of a larger magnitude are left
/// first_density  part of the weights that is left in the first layer, which has no tables unless expand_first
/// last_density   part of the weights that is left in the last layer; 0: as density
/// rate           of Adam; falls along a cosine to a fiftieth in the last step
/// scale_limit    scales are frozen at nearly the ratio of whole numbers up to this, 1 to 255
/// learn_inputs   first part of the last step in which the tables' inputs, but their weights' own, are learned; 0: random, and stay
/// expand_first   the first layer becomes tables, too: its features need one threshold each
/// stored         of a tiled form's table inputs, how many are stored bits of each operator: 1 or more, fewer than fan_in
/// shrink         part of the table inputs that logic shrinkage removes, in three rounds of the last step after inputs are learned
struct LutnetOptions {
  std::uint32_t levels = 2;
  std::vector<std::uint32_t> epochs = {6, 3, 6};
  double density = 0.1;
  double threshold = 0;
  double first_density = 1;
  double last_density = 0;
  double rate = 0.01;
  std::int32_t scale_limit = 3;
  double learn_inputs = 0;
  bool expand_first = false;
  std::vector<std::uint32_t> tiles = {};
  std::uint32_t stored = 1;
  double shrink = 0;
};

/// How a network is learned, from the start.
///
/// recipe           the fields below are those of `native` and what all have: the others leave out `epochs`, temperature, table_rate and
///                  frozen
/// lutnet           what the others have instead
/// name             of the model
/// neurons          tables of each layer, the last ones shared out to the classes and counted; lutnet, bnn: neurons of each hidden layer
/// fan_in           inputs of a table, 1 to 6
/// encoder, warp    features to bits; changed images (none unless share or step is above 0)
/// epochs           times that all samples are seen
/// batch            samples of a step
/// seed             of everything random: the same seed gives the same model, whatever the threads
/// temperature      counts are divided by it before the softmax; 0: 0.38 times the square root of a class's tables
/// smoothing        part of a label's weight that is spread over all classes
/// table_rate       of Adam, for the table entries, which are kept in -1..1; falls along a cosine to a fiftieth
/// connection_rate  step width of the connections' scores, along the same cosine to 0
/// frozen           last part of the training in which connections stay
/// soft             share of the real-valued slope in an input's gradient
/// price            loss for a LUT of the encoder (ConnectionStep)
/// luts             if above 0: LUTs that the network may take (count_luts), of one layer. As many tables as fit, in place of `neurons`; with
///                  thresholds that cost something, as many as fit in nine tenths, and after every epoch the price is raised or lowered
/// spare            tables beyond those asked for that the last layer begins with, a part of them. The least useful ones (Usefulness) are taken
///                  out in three rounds; so classes may end up with more tables or fewer than others, as many as asked for in all
/// average          last part of the training over whose steps the table entries are averaged; at most `frozen`; 0: those of the last step
/// teachers         networks whose answers are learned beside the labels (Teacher), validated
/// teach            weight of their answers in the loss; the labels have the rest
/// threads          at least 1
/// device           native: where tables and connections are learned; batches are always made on the processor
/// checkpoint       written after every epoch; empty: none
/// resume           goes on from there
/// stop_after       ends after that epoch, as if interrupted; 0: at the end
struct TrainOptions {
  Recipe recipe = Recipe::native;
  LutnetOptions lutnet;
  std::string name = "network";
  std::vector<std::uint32_t> neurons = {1000};
  std::uint32_t fan_in = 6;
  EncoderOptions encoder;
  WarpOptions warp;
  std::uint32_t epochs = 30;
  std::uint32_t batch = 256;
  std::uint64_t seed = 1;
  double temperature = 0;
  double smoothing = 0;
  double table_rate = 0.02;
  double connection_rate = 0.3;
  double frozen = 0.15;
  double soft = 0.5;
  double price = 0;
  std::uint64_t luts = 0;
  double spare = 0;
  double average = 0;
  std::vector<model::Model> teachers = {};
  double teach = 0.5;
  std::size_t threads = 1;
  Device device = Device::cpu;
  std::filesystem::path checkpoint;
  bool resume = false;
  std::uint32_t stop_after = 0;
  base::ProgressSink* progress = nullptr;  // not owned; may be null
};

/// What one epoch came to. Shares of right answers; `validation` is 0 without such samples. `luts` is what the network would take
/// as it is (count_luts); 0 in the recipes lutnet and bnn.
struct EpochFigures {
  std::uint32_t epoch = 0;
  double loss = 0;
  double training = 0;
  double validation = 0;
  std::uint64_t switches = 0;
  std::uint64_t luts = 0;
};

/// A trained network: its model (validated), and how it came about. The last epoch is taken, not the best: nothing is chosen.
struct Trained {
  model::Model model;
  std::vector<EpochFigures> epochs;
};

/// Learns a network. Threads, instruction set and interruptions change no byte of it.
///
/// training    samples to learn from, labelled
/// validation  others, only looked at; may be empty
/// Errors      train_no_device, train_bad_shape (too few samples, bits or tables for the classes), train_checkpoint_invalid (unreadable, or of
///             other options or data), those of base::read_file and base::write_file
/// Cost        1,000 tables of 6 inputs, 500 bits: about 2.5 s for 50,000 samples on 2 cores
[[nodiscard]] Result<Trained> train_native(const data::Dataset& training, const data::Dataset& validation,
                                           const TrainOptions& options);

/// The recipes "lutnet" and "bnn" (Wang et al., FCCM 2019, arXiv 1904.00938): a fully connected network with residual binarisation,
/// pruned, its weights turned into tables (or not). What the model answers is what the network's own evaluation in whole numbers
/// answers, sample by sample; that is what the figures of the last step count.
///
/// Errors  train_bad_shape (as train_native; a layer without a weight left; options that exclude each other), train_checkpoint_invalid
///         and the rest as train_native
/// Cost    784-256-256-256-256-10, density 0.1: per 50,000 samples about 10 s with weights, a minute with tables, on 2 cores
[[nodiscard]] Result<Trained> train_lutnet(const data::Dataset& training, const data::Dataset& validation,
                                           const TrainOptions& options);

}  // namespace lutgen::train
