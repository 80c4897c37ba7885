# SPDX-License-Identifier: Apache-2.0
# Signed features and another name; without --scores there are classes only.
input='{"shape":[2],"type":"i8"}' make_model model.safetensors
"$LUTGEN" emit model.safetensors --language c --top tiny -o out >/dev/null
cat out/tiny.h
