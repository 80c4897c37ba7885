#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: page.sh PROGRAM FOLDER NAME
# FOLDER/NAME.md is what PROGRAM makes of FOLDER/NAME.json; after new figures: scripts/bench page > tests/bench/results/area.md, or
# scripts/bench train-page > tests/bench/results/train.md; eval-page and eval.md, cosim-page and cosim.md
set -euo pipefail

diff -u "$2/$3.md" <("$1" "$2/$3.json" --page)
