// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/machine_code.hpp"

#ifdef __x86_64__

#include <algorithm>
#include <array>
#include <vector>

#include <asmjit/x86.h>

#include "lutgen/base/result.hpp"
#include "lutgen/eval/registers.hpp"

namespace lutgen::eval {
namespace {

using asmjit::x86::Assembler;
using asmjit::x86::Gp;
using asmjit::x86::Mem;

/// What a part of the code is called as: inputs, outputs, scratch, blocks, bytes of scratch of a block, memory to fetch.
using Part = void (*)(const void*, void*, void*, std::size_t, std::size_t, const void*);

/// A longer part than the inner caches of common processors (32 KB and more) would be fetched anew for every block.
constexpr std::size_t kPartBytes = 24 << 10;

/// Which lines of memory are fetched: the first ones of each page. The processor's own prefetcher takes up where it finds them read,
/// so that all of the memory comes sooner, not just its beginning. More than that take as long as they save (measured: MNIST).
constexpr std::size_t kPageBytes = 4096;
constexpr std::size_t kLineBytes = 64;
constexpr std::size_t kLinesOfPage = 12;
/// Operations between two lines, at least: in fewer, no line comes from memory.
constexpr std::size_t kLeastBetweenLines = 6;

/// Registers that point into one of the three memories, so that most addresses have a displacement of one byte. (AVX-512
/// counts it in words; elsewhere one register is as good as several.)
struct Bases {
  std::vector<Gp> registers;
};

/// Writes the instructions of one target.
class Writer final : public InstructionSink {
 public:
  Writer(Assembler& assembler, const Program& program, Target target, const CodeOptions& options)
      : a_(assembler),
        target_(target),
        bytes_(static_cast<std::int32_t>(8 * lanes_of(target))),
        input_bytes_(static_cast<std::int64_t>(program.input_count) * bytes_),
        output_bytes_(static_cast<std::int64_t>(program.outputs.size()) * bytes_),
        part_bytes_(options.part_bytes),
        fetch_bytes_(target == Target::avx512 ? options.fetch_bytes / kPageBytes * kPageBytes : 0) {
    using namespace asmjit::x86;
    if (fetch_bytes_ != 0) {
      between_lines_ = std::max(kLeastBetweenLines, program.ops.size() / (fetch_bytes_ / kPageBytes * kLinesOfPage));
    }
    // rsp, rdi, rsi and rdx have their own meaning; a vector target uses the others for more addresses, r9 unless it fetches.
    const std::array<Gp, 12> others{rax, rcx, r8, r10, r11, rbx, rbp, r12, r13, r14, r15, r9};
    inputs_.registers = {rdi};
    outputs_.registers = {rsi};
    slots_.registers = {rdx};
    if (target == Target::word64) {
      words_.assign(others.begin(), others.end());
    } else if (target == Target::avx512) {
      std::size_t next = 0;
      const std::size_t free = fetch_bytes_ == 0 ? others.size() : others.size() - 1;
      const auto take = [&](Bases& bases, std::size_t count) {
        while (count-- > 0 && next < free) bases.registers.push_back(others[next++]);
      };
      take(inputs_, std::min<std::size_t>(5, program.input_count / kReach));
      take(outputs_, std::min<std::size_t>(2, program.outputs.size() / kReach));
      take(slots_, others.size());
    }
    begin_part();
  }

  [[nodiscard]] RegisterFile file() const {
    switch (target_) {
      case Target::avx512: return {32, false};
      case Target::avx2: return {16, false};
      case Target::sse2: return {16, true};
      default: return {static_cast<std::uint32_t>(words_.size()), true};
    }
  }

  void finish() { close_part(); }

  /// Offsets of the parts from the start of the code.
  std::vector<std::size_t> parts;

  void load(std::uint32_t reg, Place from) override {
    switch (target_) {
      case Target::avx512: a_.vmovdqa64(zmm(reg), memory(from)); break;
      case Target::avx2: a_.vmovdqa(ymm(reg), memory(from)); break;
      case Target::sse2: a_.movaps(xmm(reg), memory(from)); break;
      default: a_.mov(words_[reg], memory(from));
    }
  }

  void store(Place to, std::uint32_t reg) override {
    switch (target_) {
      case Target::avx512: a_.vmovdqa64(memory(to), zmm(reg)); break;
      case Target::avx2: a_.vmovdqa(memory(to), ymm(reg)); break;
      case Target::sse2: a_.movaps(memory(to), xmm(reg)); break;
      default: a_.mov(memory(to), words_[reg]);
    }
  }

  void copy(std::uint32_t to, std::uint32_t from) override {
    switch (target_) {
      case Target::avx512: a_.vmovdqa64(zmm(to), zmm(from)); break;
      case Target::avx2: a_.vmovdqa(ymm(to), ymm(from)); break;
      case Target::sse2: a_.movaps(xmm(to), xmm(from)); break;
      default: a_.mov(words_[to], words_[from]);
    }
  }

  void compute3(unsigned table, std::uint32_t result, std::uint32_t second, Place third) override {
    fetch_line();
    // vpternlog takes the result's old value as the most significant address bit, its last operand as the least.
    unsigned immediate = 0;
    for (unsigned i = 0; i < 8; ++i) {
      const unsigned address = (i >> 2) | (i & 2) | ((i & 1) << 2);
      immediate |= ((table >> address) & 1) << i;
    }
    if (third.kind == Place::Kind::reg) {
      a_.vpternlogq(zmm(result), zmm(second), zmm(third.index), immediate);
    } else {
      a_.vpternlogq(zmm(result), zmm(second), memory(third), immediate);
    }
  }

  void compute2(unsigned table, std::uint32_t result, std::uint32_t first, Place second) override {
    using Id = asmjit::x86::Inst::Id;
    fetch_line();
    const std::size_t which = table == 0x8 ? 0 : table == 0xE ? 1 : table == 0x6 ? 2 : 3;
    constexpr std::array<Id, 4> kAvx512{Id::kIdVpandq, Id::kIdVporq, Id::kIdVpxorq, Id::kIdVpandnq};
    constexpr std::array<Id, 4> kAvx2{Id::kIdVpand, Id::kIdVpor, Id::kIdVpxor, Id::kIdVpandn};
    constexpr std::array<Id, 4> kSse{Id::kIdAndps, Id::kIdOrps, Id::kIdXorps, Id::kIdAndnps};
    constexpr std::array<Id, 4> kWord{Id::kIdAnd, Id::kIdOr, Id::kIdXor, Id::kIdAnd};
    const bool in_register = second.kind == Place::Kind::reg;
    if (target_ == Target::avx512) {
      if (in_register) {
        a_.emit(kAvx512[which], zmm(result), zmm(first), zmm(second.index));
      } else {
        a_.emit(kAvx512[which], zmm(result), zmm(first), memory(second));
      }
    } else if (target_ == Target::avx2) {
      if (in_register) {
        a_.emit(kAvx2[which], ymm(result), ymm(first), ymm(second.index));
      } else {
        a_.emit(kAvx2[which], ymm(result), ymm(first), memory(second));
      }
    } else if (target_ == Target::sse2) {
      if (in_register) {
        a_.emit(kSse[which], xmm(result), xmm(second.index));
      } else {
        a_.emit(kSse[which], xmm(result), memory(second));
      }
    } else {
      if (which == 3) a_.not_(words_[result]);
      if (in_register) {
        a_.emit(kWord[which], words_[result], words_[second.index]);
      } else {
        a_.emit(kWord[which], words_[result], memory(second));
      }
    }
  }

  [[nodiscard]] bool is_full() const override { return a_.offset() - parts.back() > part_bytes_; }

  void end_part() override {
    close_part();
    begin_part();
  }

 private:
  /// Words that one address register reaches with a displacement of one byte, counted in words.
  static constexpr std::uint32_t kReach = 256;

  static asmjit::x86::Zmm zmm(std::uint32_t reg) { return asmjit::x86::zmm(reg); }
  static asmjit::x86::Ymm ymm(std::uint32_t reg) { return asmjit::x86::ymm(reg); }
  static asmjit::x86::Xmm xmm(std::uint32_t reg) { return asmjit::x86::xmm(reg); }

  [[nodiscard]] const Bases& bases_of(Place::Kind kind) const {
    return kind == Place::Kind::input ? inputs_ : kind == Place::Kind::slot ? slots_ : outputs_;
  }

  /// Bytes from the start of a memory to where its address register `base` points.
  [[nodiscard]] std::int32_t origin(std::size_t base) const {
    return static_cast<std::int32_t>(base * kReach + (target_ == Target::avx512 ? kReach / 2 : 0)) * bytes_;
  }

  [[nodiscard]] Mem memory(Place place) const {
    const Bases& bases = bases_of(place.kind);
    const std::size_t base = std::min<std::size_t>(place.index / kReach, bases.registers.size() - 1);
    const auto offset = static_cast<std::int32_t>(place.index) * bytes_ - origin(base);
    return asmjit::x86::ptr(bases.registers[base], offset, static_cast<std::uint32_t>(bytes_));
  }

  /// Now and then, fetches the next line.
  void fetch_line() {
    if (fetch_bytes_ == 0 || ++since_line_ < between_lines_) return;
    const std::size_t at = lines_ / kLinesOfPage * kPageBytes + lines_ % kLinesOfPage * kLineBytes;
    if (at >= fetch_bytes_) return;
    a_.prefetcht1(asmjit::x86::ptr(asmjit::x86::r9, static_cast<std::int32_t>(at)));
    ++lines_;
    since_line_ = 0;
  }

  void begin_part() {
    using namespace asmjit::x86;
    a_.align(asmjit::AlignMode::kCode, 64);
    parts.push_back(a_.offset());
    for (const Gp& reg : {rbx, rbp, r12, r13, r14, r15}) a_.push(reg);
    a_.push(r8);    // [rsp + 8]: bytes of scratch of a block
    a_.push(rcx);   // [rsp]: blocks that are left
    for (const Bases* bases : {&inputs_, &outputs_, &slots_}) {
      if (origin(0) != 0) a_.add(bases->registers[0], origin(0));
    }
    loop_ = a_.newLabel();
    a_.bind(loop_);
    for (const Bases* bases : {&inputs_, &outputs_, &slots_}) {
      for (std::size_t base = 1; base < bases->registers.size(); ++base) {
        a_.lea(bases->registers[base], ptr(bases->registers[0], origin(base) - origin(0)));
      }
    }
  }

  void close_part() {
    using namespace asmjit::x86;
    a_.add(rdi, input_bytes_);
    a_.add(rsi, output_bytes_);
    a_.add(rdx, qword_ptr(rsp, 8));
    if (fetch_bytes_ != 0) a_.add(r9, static_cast<std::int64_t>(fetch_bytes_));
    a_.dec(qword_ptr(rsp));
    a_.jnz(loop_);
    a_.add(rsp, 16);
    for (const Gp& reg : {r15, r14, r13, r12, rbp, rbx}) a_.pop(reg);
    if (target_ == Target::avx512 || target_ == Target::avx2) a_.vzeroupper();
    a_.ret();
  }

  Assembler& a_;
  Target target_;
  std::int32_t bytes_;
  std::int64_t input_bytes_;
  std::int64_t output_bytes_;
  std::size_t part_bytes_;
  std::size_t fetch_bytes_;
  std::size_t between_lines_ = 0;  // operations
  std::size_t since_line_ = 0;     // operations
  std::size_t lines_ = 0;          // that are fetched
  Bases inputs_;
  Bases outputs_;
  Bases slots_;
  std::vector<Gp> words_;
  asmjit::Label loop_;
};

/// Remembers that an instruction could not be written, for example because a distance is beyond 32 bits.
class Faults final : public asmjit::ErrorHandler {
 public:
  void handleError(asmjit::Error, const char*, asmjit::BaseEmitter*) override { found = true; }
  bool found = false;
};

class X86Code final : public MachineCode {
 public:
  /// Whether there is code now.
  bool make(const Program& program, Target target, const CodeOptions& options) {
    if (program.value_count() > kMostPlacedValues) return false;
    Faults faults;
    asmjit::CodeHolder holder;
    if (holder.init(runtime_.environment()) != asmjit::kErrorOk) return false;
    holder.setErrorHandler(&faults);
    Assembler assembler(&holder);
    // With 512-bit words values take so much room that it is dearer to read them anew for every part.
    const std::size_t standard = target == Target::avx512 ? ~std::size_t{0} : kPartBytes;
    const std::size_t part_bytes = options.part_bytes != 0 ? options.part_bytes : standard;
    // A distance has 32 bits.
    Writer writer(assembler, program, target, {part_bytes, std::min(options.fetch_bytes, std::size_t{1} << 30)});
    slots_ = place_program(program, writer.file(), writer);
    writer.finish();
    lanes_ = lanes_of(target);
    void* start = nullptr;
    if (faults.found || runtime_.add(&start, &holder) != asmjit::kErrorOk) return false;
    for (const std::size_t offset : writer.parts) parts_.push_back(reinterpret_cast<Part>(static_cast<char*>(start) + offset));
    code_bytes_ = holder.codeSize();
    return true;
  }

  void run(const std::uint64_t* inputs, std::uint64_t* outputs, std::uint64_t* scratch, std::size_t blocks,
           const void* fetch) const override {
    if (blocks == 0) return;
    // One part only leaves nothing in the scratch memory for another: all blocks share it.
    const std::size_t step = parts_.size() == 1 ? 0 : 8 * scratch_words();
    for (const Part part : parts_) part(inputs, outputs, scratch, blocks, step, fetch);
  }

  [[nodiscard]] std::size_t scratch_words() const override { return slots_ * lanes_; }
  [[nodiscard]] std::size_t code_bytes() const override { return code_bytes_; }

 private:
  asmjit::JitRuntime runtime_;  // owns the executable memory
  std::vector<Part> parts_;
  std::size_t slots_ = 0;
  std::size_t lanes_ = 1;
  std::size_t code_bytes_ = 0;
};

}  // namespace

std::shared_ptr<const MachineCode> MachineCode::generate(const Program& program, Target target, const CodeOptions& options) {
  if (target == Target::portable || !is_supported(target)) return nullptr;
  auto code = std::make_shared<X86Code>();
  if (!code->make(program, target, options)) return nullptr;
  return code;
}

}  // namespace lutgen::eval

#else

namespace lutgen::eval {

std::shared_ptr<const MachineCode> MachineCode::generate(const Program&, Target, const CodeOptions&) { return nullptr; }

}  // namespace lutgen::eval

#endif
