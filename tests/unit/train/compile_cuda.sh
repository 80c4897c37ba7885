#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Compiles the CUDA kernels to an object file, with warnings as errors; no GPU and no libtorch are needed.
set -euo pipefail
case ${1:-} in
  -h | --help) echo "usage: compile_cuda.sh NVCC PROJECT"; exit 0 ;;
esac
nvcc=${1:?usage: compile_cuda.sh NVCC PROJECT}
project=${2:?usage: compile_cuda.sh NVCC PROJECT}
[[ -x $nvcc ]] || { echo "nvcc is not installed"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$nvcc" -std=c++17 -I "$project" -fmad=false -Werror all-warnings -Xcompiler -Wall,-Wextra \
  -c "$project/lutgen/train/lut_cuda.cu" -o "$folder/lut_cuda.o"
# What the component calls is in it.
grep -q make_cuda_device "$folder/lut_cuda.o" || { echo "the object lacks make_cuda_device"; exit 1; }
