// SPDX-License-Identifier: Apache-2.0
#include "lutgen/cli/cli.hpp"

int main(int argc, char** argv) {
  using namespace lutgen::cli;
  CLI::App app{"lutgen: trained lookup-table networks to FPGA hardware, vendor-free"};
  app.set_version_flag("--version", std::string("lutgen " LUTGEN_VERSION));
  app.require_subcommand(1);
  Action action;
  add_info(app, action);
  add_eval(app, action);
  add_predict(app, action);
  add_train(app, action);
  add_reduce(app, action);
  add_emit(app, action);
  add_cosim(app, action);
  add_prove(app, action);
  add_boards(app, action);
  add_build(app, action);
  add_program(app, action);
  add_ask(app, action);
  add_doctor(app, action);
  add_readback(app, action);
  add_report(app, action);
  add_fasm2bit(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? static_cast<int>(Exit::ok) : static_cast<int>(Exit::usage);
  }
  return static_cast<int>(action());
}
