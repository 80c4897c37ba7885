#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: run.sh BUILD_FOLDER COMPILER
# Installs the build, then configures, builds and runs tests/consumer/project and c_project against the install.
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
model=$root/sim/models/mnist-lut6-1000.safetensors
from_cpp=$("$top/build/predict" "$model")
echo "$from_cpp"
[[ $from_cpp == "mnist-lut6-1000: black is a "[0-9]", white is a "[0-9] ]]

# C: by find_package, without C++, and by pkg-config; both say what C++ says.
cmake -S "$here/c_project" -B "$top/c_build" -G Ninja -DCMAKE_PREFIX_PATH="$top/prefix"
cmake --build "$top/c_build"
from_c=$("$top/c_build/predict" "$model")
echo "$from_c"
[[ $from_c == "lutgen "*", $from_cpp" ]]
status=0
"$top/c_build/predict" /nowhere/model.safetensors 2>"$top/refused" || status=$?
[[ $status == 1 && $(<"$top/refused") == *"error[file_not_found]"* ]]
library=$(find "$top/prefix" -name liblutgen_c.so)
if nm -D --defined-only "$library" | awk '{ print $3 }' | grep -v '^lutgen_[a-z_]*$'; then
  echo "liblutgen_c.so shows the symbols above, which are not its own"
  exit 1
fi
if command -v pkg-config >/dev/null; then
  flags=$(PKG_CONFIG_PATH=$(dirname "$library")/pkgconfig pkg-config --cflags --libs lutgen_c)
  # shellcheck disable=SC2086
  cc -std=c99 "$here/c_project/predict.c" $flags -Wl,-rpath,"$(dirname "$library")" -o "$top/predict"
  [[ $("$top/predict" "$model") == "$from_c" ]]
fi
"$top/prefix/bin/lutgen" --version
