# SPDX-License-Identifier: Apache-2.0
make_model model.safetensors
"$LUTGEN" emit model.safetensors --optimize constants,magic -o out
