// SPDX-License-Identifier: Apache-2.0
// What happens where a process may not make memory executable: a child that has forbidden it to itself compiles a network.
#include "lutgen/eval/compiled_network.hpp"

#ifdef __linux__
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>

#include "lutgen/eval/drawn_samples.hpp"
#include "lutgen/model/model_file.hpp"
#include "tests/support/catch.hpp"

using namespace lutgen;

namespace {

/// From now on, mmap and mprotect of executable memory fail with EPERM; false where the kernel does not let us.
bool forbid_executable_memory() {
  std::array<sock_filter, 7> filter{{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
                                     BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 1, 0),
                                     BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mprotect, 0, 3),
                                     BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[2])),
                                     BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),
                                     BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
                                     BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)}};
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

enum ChildStatus : int { answers_are_right = 0, answers_are_wrong = 1, not_forbidden = 2 };

int child(const model::Model& model, const data::Dataset& dataset, const std::vector<std::int64_t>& scores) {
  if (!forbid_executable_memory()) return not_forbidden;
  for (const eval::Target target : eval::kTargets) {
    if (!eval::is_supported(target)) continue;
    const auto network = eval::CompiledNetwork::compile(model, target);
    if (!network || network->target() != eval::Target::portable) return answers_are_wrong;
    if (network->note().empty() != (target == eval::Target::portable)) return answers_are_wrong;
    const auto answers = eval::answer_compiled(*network, model, dataset, {});
    if (!answers || answers->scores != scores) return answers_are_wrong;
  }
  return answers_are_right;
}

}  // namespace

TEST_CASE("without executable memory networks are interpreted, and a note says so", "[eval][compiled_network]") {
  const auto model = model::read_model(LUTGEN_SOURCE_DIR "/sim/models/optdigits-lut6-400.safetensors");
  REQUIRE(model.has_value());
  const data::Dataset dataset = eval::draw_samples(*model, 100, 1);
  const auto golden = eval::answer_reference(*model, dataset, {});
  REQUIRE(golden.has_value());
  const pid_t process = ::fork();
  REQUIRE(process >= 0);
  if (process == 0) ::_exit(child(*model, dataset, golden->scores));
  int status = 0;
  REQUIRE(::waitpid(process, &status, 0) == process);
  REQUIRE(WIFEXITED(status));
  if (WEXITSTATUS(status) == not_forbidden) {
    WARN("skipped: this system has no seccomp filters");
    return;
  }
  CHECK(WEXITSTATUS(status) == answers_are_right);
}
#endif
