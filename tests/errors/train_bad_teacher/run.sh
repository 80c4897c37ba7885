# SPDX-License-Identifier: Apache-2.0
[[ -e $(dirname "$LUTGEN")/../lib/liblutgen_train.so ]] || { echo "the training component was not built"; exit 77; }
"$LUTGEN" train synthetic-digits --neurons 60 --teacher "$LUTGEN_ROOT/sim/models/optdigits-lut6-400.safetensors" -o out.safetensors
