# SPDX-License-Identifier: Apache-2.0
make_model model.safetensors
"$LUTGEN" build model.safetensors -o out
