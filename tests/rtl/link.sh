#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: link.sh
# Lints rtl/link, then runs link_bench.v with several seeds.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
for tool in iverilog verilator; do
  command -v "$tool" >/dev/null || { echo "SKIPPED: $tool is not installed"; exit 0; }
done
top=$(mktemp -d -t lutgen-rtl-XXXXXX)
trap 'rm -rf "$top"' EXIT

verilator --lint-only -Wall -y "$root/rtl/link" "$root/rtl/link/lutgen_link.v"
complaints=$(iverilog -g2001 -Wall -t null "$root"/rtl/link/*.v 2>&1) || true
[[ -z $complaints ]] || { echo "$complaints"; exit 1; }
for seed in 1 2; do
  iverilog -g2001 -P "link_bench.SEED=$seed" -o "$top/bench" "$root/tests/rtl/link_bench.v" "$root"/rtl/link/*.v
  said=$(vvp -n "$top/bench")
  echo "seed $seed: $said"
  [[ $said =~ ^([0-9]+)\ checks,\ 0\ faults$ ]] && ((BASH_REMATCH[1] > 1500)) || exit 1
done
