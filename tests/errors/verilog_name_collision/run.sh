# SPDX-License-Identifier: Apache-2.0
make_model model.safetensors
"$LUTGEN" emit model.safetensors --top l1_n0_y -o out
