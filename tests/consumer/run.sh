#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: run.sh BUILD_FOLDER COMPILER
# Installs the build, then configures, builds and runs tests/consumer/project against the install.
set -euo pipefail

build=$1 compiler=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
top=$(mktemp -d -t lutgen-consumer-XXXXXX)
trap 'rm -rf "$top"' EXIT

cmake --install "$build" --prefix "$top/prefix" >"$top/log" || { cat "$top/log"; exit 1; }
# Nothing but the install may be used: the sources are not on any path.
cmake -S "$here/project" -B "$top/build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_PREFIX_PATH="$top/prefix"
cmake --build "$top/build"
if grep -rl --include='*.cmake' -F "$root" "$top/prefix"; then
  echo "the files above name the source folder; an install must be able to move"
  exit 1
fi
printed=$("$top/build/consumer" "$root/sim/models/mnist-lut6-1000.safetensors")
echo "$printed"
[[ $printed == "mnist-lut6-1000: 784 features, 10 classes, a black image is a "[0-9] ]]
"$top/prefix/bin/lutgen" --version
