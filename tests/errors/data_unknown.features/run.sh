# SPDX-License-Identifier: Apache-2.0
make_model model.safetensors
"$LUTGEN" predict model.safetensors mnist --features-only -o out/classes.npy
