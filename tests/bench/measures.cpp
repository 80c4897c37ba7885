// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/measures.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <string>

#include <fmt/core.h>

#include "lutgen/base/parallel.hpp"

namespace lutgen::bench {

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

io::Json spread(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {{"median", values[values.size() / 2]}, {"least", values.front()}, {"most", values.back()}, {"runs", values.size()}};
}

std::vector<std::pair<std::string, std::string>> shell_environment() {
  const char* own = std::getenv("GLIBC_TUNABLES");
  return {{"GLIBC_TUNABLES", own == nullptr ? "glibc.malloc.hugetlb=0" : own}};
}

double take_peak_mib() {
  double kib = 0;
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) kib = std::strtod(line.c_str() + 6, nullptr);
  }
  std::ofstream("/proc/self/clear_refs") << "5";
  return kib / 1024;
}

io::Json describe_machine() {
  double load = 0;
  if (::getloadavg(&load, 1) != 1) load = 0;
  const double memory = static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGE_SIZE));
  return {{"processor", processor_name()},
          {"cores", base::hardware_threads()},
          {"memory_gib", std::round(memory / (1 << 30))},
          {"compiler", fmt::format("GCC {}", __VERSION__)},
          {"load", std::round(load * 10) / 10}};
}

}  // namespace lutgen::bench
