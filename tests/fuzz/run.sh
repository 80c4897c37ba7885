#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: run.sh BUILD_FOLDER
# Builds the fuzzers with clang in a folder of their own and runs each for a short while: the kept
# corpus first, then inputs made from it. The seed is fixed, so that a finding comes again. A finding ends
# with 1: libFuzzer's own 77 would count as skipped.
set -euo pipefail

build=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
command -v clang++ >/dev/null || { echo "SKIPPED: clang++ is not installed"; exit 77; }

settings=()
command -v ccache >/dev/null && settings+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
cmake -S "$here/../.." -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
  -DCMAKE_CXX_COMPILER=clang++ -DLUTGEN_FUZZ=ON -DLUTGEN_TESTS=OFF "${settings[@]}"
targets=(fuzz_csv fuzz_fasm fuzz_idx fuzz_json fuzz_model fuzz_npy fuzz_routed fuzz_xray)
cmake --build "$build" --target "${targets[@]}"

for target in "${targets[@]}"; do
  new=$(mktemp -d -t lutgen-fuzz-XXXXXX)
  echo "== $target"
  "$build/tests/fuzz/$target" -runs=200000 -max_total_time=30 -seed=20261121 -max_len=4096 \
    -timeout=10 -rss_limit_mb=2048 -error_exitcode=1 -verbosity=0 -print_final_stats=1 -artifact_prefix="$build/$target-" \
    "$new" "$here/corpus/${target#fuzz_}"
  rm -rf "$new"
done
