# SPDX-License-Identifier: Apache-2.0
# Without registers clock and reset are not used; without an encoder the input port takes its bits.
make_model model.safetensors
"$LUTGEN" emit model.safetensors --pipeline none --input bits --top tiny -o out >/dev/null
cat out/tiny.v
