// SPDX-License-Identifier: Apache-2.0
#include "lutgen/report/report.hpp"

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/cli/cli.hpp"

namespace lutgen::cli {
namespace {

struct Options {
  report::Sources sources;
  std::filesystem::path folder;
  Common common;
};

Result<void> make_report(const Options& options) {
  LUTGEN_TRY(const io::Json json, report::gather(options.sources));
  const std::string page = report::to_markdown(json);
  base::FileSet files(options.folder);
  files.add("report.json", io::to_text(json));
  files.add("report.md", page);
  LUTGEN_TRY_VOID(files.commit());
  if (options.common.json) {
    print(json);
  } else {
    fmt::print("{}", page);
  }
  return {};
}

Exit run(const Options& options) {
  const auto done = make_report(options);
  return done ? Exit::ok : report(done.error());
}

}  // namespace

void add_report(CLI::App& app, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("report", "gather what the other verbs printed with --json into one table");
  verb->add_option("--info", options->sources.info, "output of lutgen info --json")->required();
  verb->add_option("--eval", options->sources.eval, "output of lutgen eval --json")->required();
  verb->add_option("--emit", options->sources.emit, "output of lutgen emit --json; may be given several times");
  verb->add_option("--cosim", options->sources.cosim, "output of lutgen cosim --json; may be given several times");
  verb->add_option("--build", options->sources.build, "output of lutgen build --json; may be given several times");
  verb->add_option("-o,--output", options->folder, "folder for report.json and report.md")->required();
  add_json_option(*verb, options->common);
  verb->callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace lutgen::cli
