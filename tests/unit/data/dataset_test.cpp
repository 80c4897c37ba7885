// SPDX-License-Identifier: Apache-2.0
#include "lutgen/data/dataset.hpp"

#include <cstdlib>

#include "lutgen/base/files.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Three images of 1x2, labelled 2 0 1, or what the test wants.
struct IdxFolder {
  test::TemporaryFolder folder;
  std::string images = std::string("\0\0\x08\x03\0\0\0\x03\0\0\0\x01\0\0\0\002abcdef", 22);
  std::string labels = std::string("\0\0\x08\x01\0\0\0\x03\x02\0\x01", 11);

  void write(const std::string& sub_folder = "set") const {
    REQUIRE(base::write_file(folder.path() / sub_folder / "t10k-images-idx3-ubyte", images));
    REQUIRE(base::write_file(folder.path() / sub_folder / "t10k-labels-idx1-ubyte", labels));
  }
  [[nodiscard]] Result<data::Dataset> load() const {
    return data::load_dataset((folder.path() / "set").string(), data::Split::test);
  }
};

/// Sets LUTGEN_DATA for one test and puts it back.
class DataFolder {
 public:
  explicit DataFolder(const std::string& value) {
    const char* old = std::getenv("LUTGEN_DATA");
    old_ = old == nullptr ? "" : old;
    ::setenv("LUTGEN_DATA", value.c_str(), 1);
  }
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;
  ~DataFolder() { old_.empty() ? ::unsetenv("LUTGEN_DATA") : ::setenv("LUTGEN_DATA", old_.c_str(), 1); }

 private:
  std::string old_;
};

Result<data::Dataset> load_csv(const std::string& text) {
  const test::TemporaryFolder folder;
  REQUIRE(base::write_file(folder.path() / "d.csv", text));
  return data::load_dataset((folder.path() / "d.csv").string(), data::Split::train);
}

}  // namespace

TEST_CASE("a folder of IDX files is a data set", "[data][dataset]") {
  const IdxFolder files;
  files.write();
  auto set = files.load();
  REQUIRE(set);
  CHECK(set->name == "set");
  CHECK(set->shape == std::vector<std::uint32_t>{1, 2});
  CHECK(set->labels == std::vector<std::uint32_t>{2, 0, 1});
  CHECK(set->class_count == 3);
  CHECK(set->feature(2, 1) == 'f');
  set->truncate(2);
  CHECK(set->sample_count() == 2);
  CHECK(std::get<data::ByteFeatures>(set->features).size() == 4);
  set->truncate(9);
  CHECK(set->sample_count() == 2);
  CHECK_FALSE(data::load_dataset((files.folder.path() / "set").string(), data::Split::train));
}

TEST_CASE("files of a folder must make a set together", "[data][dataset]") {
  IdxFolder files;
  SECTION("one label too few") {
    files.labels = std::string("\0\0\x08\x01\0\0\0\x02\x02\0", 10);
    files.write();
    CHECK(files.load().error().code == Code::data_bad_shape);
  }
  SECTION("images without dimensions") {
    files.images = files.labels;
    files.write();
    CHECK(files.load().error().code == Code::data_bad_shape);
  }
  SECTION("no images") {
    files.images = std::string("\0\0\x08\x03\0\0\0\0\0\0\0\x01\0\0\0\x02", 16);
    files.labels = std::string("\0\0\x08\x01\0\0\0\0", 8);
    files.write();
    CHECK(files.load().error().code == Code::data_bad_shape);
  }
  SECTION("a broken file is named") {
    files.labels.pop_back();
    files.write();
    CHECK(files.load().error().code == Code::idx_truncated);
    CHECK_THAT(files.load().error().place, ContainsSubstring("t10k-labels-idx1-ubyte"));
  }
  SECTION("a missing file") {
    files.write();
    std::filesystem::remove(files.folder.path() / "set" / "t10k-labels-idx1-ubyte");
    CHECK_THAT(files.load().error().message, ContainsSubstring("found only the first"));
  }
}

TEST_CASE("MNIST is found where LUTGEN_DATA says, and has ten classes", "[data][dataset]") {
  IdxFolder files;
  files.write("mnist");
  const DataFolder variable(files.folder.path().string());
  const auto set = data::load_dataset("mnist", data::Split::test);
  REQUIRE(set);
  CHECK(set->name == "mnist");
  CHECK(set->class_count == 10);
  files.labels[9] = 10;
  files.write("mnist");
  const auto bad = data::load_dataset("mnist", data::Split::test);
  REQUIRE_FALSE(bad);
  CHECK(bad.error().code == Code::data_bad_label);
  CHECK(bad.error().message == "expected classes in 0..9, got 10 for sample 1");
}

TEST_CASE("optdigits are 64 values and a class", "[data][dataset]") {
  const test::TemporaryFolder folder;
  const DataFolder variable(folder.path().string());
  std::string row;
  for (int i = 0; i < 64; ++i) row += fmt::format("{},", i % 17);
  REQUIRE(base::write_file(folder.path() / "optdigits" / "optdigits.tes", row + "7\n"));
  const auto set = data::load_dataset("optdigits", data::Split::test);
  REQUIRE(set);
  CHECK(set->shape == std::vector<std::uint32_t>{8, 8});
  CHECK(set->labels == std::vector<std::uint32_t>{7});
  REQUIRE(base::write_file(folder.path() / "optdigits" / "optdigits.tes", row + "7,1\n"));
  CHECK(data::load_dataset("optdigits", data::Split::test).error().code == Code::data_bad_shape);
}

TEST_CASE("a CSV file ends each line with the class", "[data][dataset]") {
  const auto bytes = load_csv("a,b,class\n1,255,0\n0,7,3\n");
  REQUIRE(bytes);
  CHECK(bytes->name == "d.csv");
  CHECK(bytes->class_count == 4);
  CHECK(std::holds_alternative<data::ByteFeatures>(bytes->features));
  const auto floats = load_csv("1,256,0\n-1,0.5,1\n");
  REQUIRE(floats);
  CHECK(std::holds_alternative<data::FloatFeatures>(floats->features));
  CHECK(floats->feature(1, 0) == -1);
  CHECK(floats->feature(1, 1) == 0.5);
  for (const char* text : {"1,-1", "1,0.5", "1,4096"}) CHECK(load_csv(text).error().code == Code::data_bad_label);
  CHECK(load_csv("1\n2\n").error().code == Code::data_bad_shape);
}

TEST_CASE("a source that is nothing known is refused with the list", "[data][dataset]") {
  CHECK(to_text(data::load_dataset("no-such-set", data::Split::test).error()) ==
        "error[data_unknown]: expected mnist, optdigits, synthetic-digits, a folder, or a .csv, .npz or .npy file, got \"no-such-set\"\n"
        "  hint: there is no folder of that name\n");
  CHECK(data::load_dataset("no-such-file.csv", data::Split::test).error().code == Code::file_not_found);
}

TEST_CASE("digits are drawn on the spot", "[data][dataset]") {
  const auto set = data::load_dataset("synthetic-digits", data::Split::test);
  REQUIRE(set);
  CHECK(set->sample_count() == 10000);
  CHECK(set->feature_count() == 784);
}

TEST_CASE("a CSV file's class may have a name, and the classes names of their own", "[data][dataset]") {
  const test::TemporaryFolder folder;
  const std::string path = (folder.path() / "d.csv").string();
  std::string text = "kind,x\n";
  for (int i = 0; i < 50; ++i) text += fmt::format("{},{}\n", i % 3 == 0 ? "wren" : i % 3 == 1 ? "auk" : "owl", i);
  REQUIRE(base::write_file(path, text));
  const auto all = data::load_dataset(path, data::Split::test, {.label = "kind"});
  REQUIRE(all);
  CHECK(all->class_count == 3);
  CHECK(all->feature_count() == 1);
  CHECK(all->labels[0] == 2);
  CHECK(all->labels[1] == 0);
  CHECK(all->labels[2] == 1);
  const auto training = data::load_dataset(path, data::Split::train, {.label = "kind", .test_part = 0.2});
  const auto held = data::load_dataset(path, data::Split::test, {.label = "kind", .test_part = 0.2});
  REQUIRE(training);
  REQUIRE(held);
  CHECK(training->sample_count() == 40);
  CHECK(held->sample_count() == 10);
  CHECK(held->class_count == 3);
  for (std::size_t s = 0; s < 10; ++s) {
    for (std::size_t t = 0; t < 40; ++t) CHECK(held->feature(s, 0) != training->feature(t, 0));
  }
}

TEST_CASE("numbers as names of classes are the classes", "[data][dataset]") {
  const test::TemporaryFolder folder;
  const std::string path = (folder.path() / "d.csv").string();
  REQUIRE(base::write_file(path, "x,class,y\n1,7,2\n3,0,4\n"));
  const auto read = data::load_dataset(path, data::Split::train, {.label = "class"});
  REQUIRE(read);
  CHECK(read->labels == std::vector<std::uint32_t>{7, 0});
  CHECK(read->class_count == 8);
  CHECK(read->feature(1, 1) == 4);
}

TEST_CASE("NumPy's files are data sets", "[data][dataset]") {
  const std::filesystem::path corpus = std::filesystem::path(LUTGEN_SOURCE_DIR) / "tests/fuzz/corpus/npy";
  const auto training = data::load_dataset((corpus / "stored.npz").string(), data::Split::train);
  const auto held = data::load_dataset((corpus / "stored.npz").string(), data::Split::test);
  REQUIRE(training);
  REQUIRE(held);
  CHECK(training->shape == std::vector<std::uint32_t>{2});
  CHECK(training->labels == std::vector<std::uint32_t>{1, 1, 0, 0});
  CHECK(training->feature(1, 1) == 190);
  // Floating point, but all of them bytes; classes in a column.
  CHECK(std::holds_alternative<data::ByteFeatures>(held->features));
  CHECK(held->labels == std::vector<std::uint32_t>{1, 0});
  CHECK(held->feature(0, 1) == 255);

  const auto halves = data::load_dataset((corpus / "deflated.npz").string(), data::Split::test, {.label = {}, .test_part = 0.5});
  REQUIRE(halves);
  CHECK(halves->sample_count() == 2);
}

TEST_CASE("an NPY file of features takes its classes from another", "[data][dataset]") {
  const std::filesystem::path corpus = std::filesystem::path(LUTGEN_SOURCE_DIR) / "tests/fuzz/corpus/npy";
  const test::TemporaryFolder folder;
  const std::string labels = (folder.path() / "y.npy").string();
  std::string bytes = base::read_file(corpus / "u1.npy").value();
  bytes.replace(bytes.find("(2, 3)"), 6, "(2,)  ");
  bytes.resize(bytes.size() - 4);
  REQUIRE(base::write_file(labels, bytes));
  const auto set = data::load_dataset((corpus / "f4.npy").string(), data::Split::test, {.label = labels});
  REQUIRE(set);
  CHECK(set->labels == std::vector<std::uint32_t>{0, 1});
  CHECK(set->feature(0, 1) == -1.25);

  const auto none = data::load_dataset((corpus / "f4.npy").string(), data::Split::test);
  REQUIRE_FALSE(none);
  CHECK(none.error().code == Code::data_no_array);
  // Six numbers are not the classes of two samples.
  const auto wrong = data::load_dataset((corpus / "f4.npy").string(), data::Split::test, {.label = (corpus / "u1.npy").string()});
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().code == Code::data_bad_shape);
}

TEST_CASE("files of features alone need no classes", "[data][dataset]") {
  const auto array = data::load_features((std::filesystem::path(LUTGEN_SOURCE_DIR) / "tests/fuzz/corpus/npy/u1.npy").string());
  REQUIRE(array);
  CHECK(array->shape == std::vector<std::uint32_t>{3});
  CHECK(array->labels == std::vector<std::uint32_t>{0, 0});
  CHECK(array->feature(1, 2) == 255);
  const test::TemporaryFolder folder;
  REQUIRE(base::write_file(folder.path() / "f.csv", "1,2\n3,400\n5,6\n"));
  const auto table = data::load_features((folder.path() / "f.csv").string());
  REQUIRE(table);
  CHECK(table->sample_count() == 3);
  CHECK(table->shape == std::vector<std::uint32_t>{2});
  CHECK(table->feature(1, 1) == 400);
  const auto named = data::load_features("mnist");
  REQUIRE_FALSE(named);
  CHECK(named.error().code == Code::data_unknown);
}
