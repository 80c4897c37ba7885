# SPDX-License-Identifier: Apache-2.0
# The page that a hardware engineer works from.
make_model model.safetensors
"$LUTGEN" emit model.safetensors --scores -o out >/dev/null
cat out/INTERFACE.md
