# SPDX-License-Identifier: Apache-2.0
[[ -e $(dirname "$LUTGEN")/../lib/liblutgen_train.so ]] || { echo "the training component was not built"; exit 77; }
"$LUTGEN" train synthetic-digits --neurons 61 -o out.safetensors
