#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: page.sh BENCH_AREA FOLDER
# FOLDER/area.md is what FOLDER/area.json gives; after new figures: scripts/bench page > tests/bench/results/area.md
set -euo pipefail

diff -u "$2/area.md" <("$1" "$2/area.json" --page)
