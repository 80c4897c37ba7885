#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: run_commands.sh README PROGRAM
# Runs the commands in the ```sh blocks of a README, one block after the other, as a reader would
# from the project's folder: here in a temporary folder that shows the project through links, so
# that what the commands write disappears with it. scripts/* have tests of their own and are left out.
set -euo pipefail

readme=$1 program=$(realpath "$2")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
top=$(mktemp -d -t lutgen-docs-XXXXXX)
trap 'rm -rf "$top"' EXIT
mkdir "$top/project" "$top/bin"
ln -s "$program" "$top/bin/lutgen"
for entry in "$root"/*; do
  [[ $(basename "$entry") == build* ]] || ln -s "$entry" "$top/project/"
done
cd "$top/project"

awk '/^```sh$/ { inside = 1; next } /^```/ { inside = 0 } inside' "$root/$readme" |
  grep -v -E '^(scripts/|\.ci/|git clone |cd )' >"$top/commands" || true
export LUTGEN_DATA=${LUTGEN_DATA:-$root/../shared/data}
if [[ ! -d $LUTGEN_DATA/mnist ]]; then
  echo "MNIST is not here: the commands run on synthetic-digits instead"
  sed -i 's/--data mnist\b/--data synthetic-digits/g' "$top/commands"
fi
echo "== $readme"
PATH=$top/bin:$PATH bash -euxo pipefail "$top/commands"
