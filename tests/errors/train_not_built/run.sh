# SPDX-License-Identifier: Apache-2.0
# The program alone, as an install without the component would have it.
mkdir bin
cp "$LUTGEN" bin/lutgen
bin/lutgen train synthetic-digits -o out.safetensors
