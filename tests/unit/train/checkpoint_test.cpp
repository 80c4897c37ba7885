// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/checkpoint.hpp"

#include "lutgen/base/files.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;

TEST_CASE("a checkpoint comes back as it was written", "[train][checkpoint]") {
  const test::TemporaryFolder folder;
  torch::serialize::OutputArchive archive;
  archive.write("numbers", torch::arange(10));
  REQUIRE(train::write_checkpoint(archive, folder.path() / "c"));
  auto read = train::read_checkpoint(folder.path() / "c");
  REQUIRE(read);
  torch::Tensor numbers;
  read->read("numbers", numbers);
  CHECK(torch::equal(numbers, torch::arange(10)));
}

TEST_CASE("whatever byte of a checkpoint changes, it is refused", "[train][checkpoint]") {
  const test::TemporaryFolder folder;
  torch::serialize::OutputArchive archive;
  archive.write("numbers", torch::arange(10));
  REQUIRE(train::write_checkpoint(archive, folder.path() / "c"));
  const std::string good = base::read_file(folder.path() / "c").value();
  for (std::size_t at = 0; at < good.size(); at += at < 100 ? 1 : 97) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    REQUIRE(base::write_file(folder.path() / "bad", bad));
    const auto read = train::read_checkpoint(folder.path() / "bad");
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Code::train_checkpoint_invalid);
  }
  REQUIRE(base::write_file(folder.path() / "short", good.substr(0, 50)));
  CHECK_FALSE(train::read_checkpoint(folder.path() / "short"));
  CHECK_FALSE(train::read_checkpoint(folder.path() / "none"));
}
