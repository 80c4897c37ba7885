// SPDX-License-Identifier: Apache-2.0
#include "lutgen/verilog/names.hpp"

#include "tests/support/property.hpp"

using namespace lutgen;

TEST_CASE("a model's name becomes a module name", "[verilog][names]") {
  CHECK(verilog::legalize_module_name("mnist-lut6-1000") == "mnist_lut6_1000");
  CHECK(verilog::legalize_module_name("10 classes") == "net_10_classes");
  CHECK(verilog::legalize_module_name("") == "net_");
  CHECK(verilog::legalize_module_name("module") == "module_net");
  CHECK(verilog::legalize_module_name("class_index") == "class_index_net");
}

TEST_CASE("every legalised name passes the check", "[verilog][names][property]") {
  test::property([](const std::string& name) {
    RC_ASSERT(verilog::check_module_name(verilog::legalize_module_name(name)).has_value());
  });
  for (const char* name : {"l1_n0_y", "LUT6", "features", "valid_d1", "unused_inputs", "wire", "l0"}) {
    CHECK_FALSE(verilog::check_module_name(name).has_value());
    CHECK(verilog::check_module_name(verilog::legalize_module_name(name)).has_value());
  }
}
