# SPDX-License-Identifier: Apache-2.0
make_model model.safetensors "$encoder,$lut"
printf '1,2,0\n' >data.csv
"$LUTGEN" eval model.safetensors --data data.csv
