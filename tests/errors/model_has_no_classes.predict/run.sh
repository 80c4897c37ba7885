# SPDX-License-Identifier: Apache-2.0
make_model model.safetensors "$encoder,$lut"
printf '1,2,0\n' >data.csv
"$LUTGEN" predict model.safetensors data.csv -o out/classes.npy
