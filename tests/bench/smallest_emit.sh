#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: smallest_emit.sh BENCH_EMIT LUTGEN
# The smallest form of scripts/bench emit: networks of 1,000 tables; each text is compared with its model on the way.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$1" "$work/emit.json" "$work/work" "$2" steps,command 1000 2>/dev/null
grep -q '"tables": 1000' "$work/emit.json"
grep -q '"write_bytes_per_second"' "$work/emit.json"
"$1" "$work/emit.json" --page | grep -q '^| 1000 | on |'
