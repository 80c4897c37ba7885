# SPDX-License-Identifier: Apache-2.0
make_threshold_model model.safetensors
"$LUTGEN" info model.safetensors
