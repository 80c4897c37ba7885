// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

// AsmJit of Debian 12 is an archive for programs, not for shared libraries: one word of it, the address of `stderr` (for its own
// failed assertions), cannot be in another library. The linker option --wrap=stderr turns that word to this constant of ours.
extern "C" {
// The names are the linker's: what was wrapped, and what takes its place.
extern std::FILE* __real_stderr;
extern std::FILE* const __wrap_stderr;
std::FILE* const __wrap_stderr = __real_stderr;
}
