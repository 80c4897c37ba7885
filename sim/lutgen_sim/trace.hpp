// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>

#include <verilated.h>
#if defined(VM_TRACE_FST) && VM_TRACE_FST
#include <verilated_fst_c.h>
#elif defined(VM_TRACE_VCD) && VM_TRACE_VCD
#include <verilated_vcd_c.h>
#endif

namespace lutgen::sim {

#if defined(VM_TRACE_FST) && VM_TRACE_FST
/// Verilator's trace file of the kind that the model was built for; kCanTrace says whether it is real.
using TraceFile = VerilatedFstC;
inline constexpr bool kCanTrace = true;
#elif defined(VM_TRACE_VCD) && VM_TRACE_VCD
/// Verilator's trace file of the kind that the model was built for; kCanTrace says whether it is real.
using TraceFile = VerilatedVcdC;
inline constexpr bool kCanTrace = true;
#else
/// Stands in for Verilator's trace file when the model was built without --trace or --trace-fst.
struct TraceFile {
  void open(const char*) {}
  void dump(std::uint64_t) {}
  void close() {}
  [[nodiscard]] bool isOpen() const { return false; }
};
inline constexpr bool kCanTrace = false;
#endif

/// Opens a trace of everything in `top`: VCD or FST, as the model was built (`verilator --trace` or
/// `--trace-fst`). `context.traceEverOn(true)` must have been called before `top` was made.
/// False when the model cannot trace or the file cannot be written.
template <class Top>
[[nodiscard]] bool open_trace(Top& top, TraceFile& file, const std::string& path) {
  if constexpr (kCanTrace) {
    top.trace(&file, 99);  // 99 levels of hierarchy: all
    file.open(path.c_str());
    return file.isOpen();
  } else {
    static_cast<void>(top);
    static_cast<void>(file);
    static_cast<void>(path);
    return false;
  }
}

}  // namespace lutgen::sim
