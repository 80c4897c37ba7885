# SPDX-License-Identifier: Apache-2.0
[[ -e $(dirname "$LUTGEN")/../lib/liblutgen_train.so ]] || { echo "the training component was not built"; exit 77; }
echo 'something else' >checkpoint
"$LUTGEN" train synthetic-digits --neurons 60 --checkpoint checkpoint --resume -o out.safetensors
