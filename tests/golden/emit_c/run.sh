# SPDX-License-Identifier: Apache-2.0
# The functions of a network; its head comment is in emit_c_header.
make_model model.safetensors
"$LUTGEN" emit model.safetensors --language c --scores -o out >/dev/null
sed -n '/^void small_pack64/,$p' out/small.c
