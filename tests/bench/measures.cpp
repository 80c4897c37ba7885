// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/machine.hpp"

#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <string>

#include <fmt/core.h>

#include "lutgen/base/parallel.hpp"

namespace lutgen::bench {

io::Json describe_machine() {
  std::string processor = "unknown";
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("model name")) continue;
    processor = line.substr(line.find(':') + 2);
    break;
  }
  double load = 0;
  if (::getloadavg(&load, 1) != 1) load = 0;
  const double memory = static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGE_SIZE));
  return {{"processor", processor},
          {"cores", base::hardware_threads()},
          {"memory_gib", std::round(memory / (1 << 30))},
          {"compiler", fmt::format("GCC {}", __VERSION__)},
          {"load", std::round(load * 10) / 10}};
}

}  // namespace lutgen::bench
