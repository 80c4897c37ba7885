# SPDX-License-Identifier: Apache-2.0
[[ -e $(dirname "$LUTGEN")/../lib/liblutgen_train.so ]] || { echo "the training component was not built"; exit 77; }
# On a machine with a GPU, too, it sees none.
CUDA_VISIBLE_DEVICES= "$LUTGEN" train synthetic-digits --neurons 60 --device cuda -o out.safetensors
