// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/checkpoint.hpp"

#include <sstream>
#include <string_view>

#include "lutgen/base/files.hpp"

namespace lutgen::train {
namespace {

constexpr std::string_view kFirstLine = "lutgen checkpoint 1\n";
constexpr std::size_t kDigits = 64;  // of SHA-256

}  // namespace

Result<void> write_checkpoint(torch::serialize::OutputArchive& archive, const std::filesystem::path& path) {
  std::ostringstream stream;
  archive.save_to(stream);
  const std::string payload = stream.str();
  return base::write_file(path, std::string(kFirstLine) + base::sha256_hex(payload) + "\n" + payload);
}

Result<torch::serialize::InputArchive> read_checkpoint(const std::filesystem::path& path) {
  LUTGEN_TRY(const std::string text, base::read_file(path));
  const auto invalid = [&](std::string message) {
    return fail(Code::train_checkpoint_invalid, path.string(), std::move(message), "begin again without --resume, or with the checkpoint of this training");
  };
  const std::size_t head = kFirstLine.size() + kDigits + 1;
  if (text.size() < head || !text.starts_with(kFirstLine) || text[head - 1] != '\n') return invalid("expected a checkpoint of lutgen train, found another file");
  const std::string payload = text.substr(head);
  if (std::string_view(text).substr(kFirstLine.size(), kDigits) != base::sha256_hex(payload)) {
    return invalid("expected the bytes that its checksum was made of, found others: the file is damaged");
  }
  torch::serialize::InputArchive archive;
  try {
    std::istringstream stream(payload);
    archive.load_from(stream);
  } catch (const std::exception&) {
    return invalid("expected an archive that the libtorch found here can read; another version may have written it");
  }
  return archive;
}

}  // namespace lutgen::train
