# SPDX-License-Identifier: Apache-2.0
make_model model.safetensors
"$LUTGEN" build model.safetensors --measure --board ulx3s-85f -o out
