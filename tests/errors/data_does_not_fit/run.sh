# SPDX-License-Identifier: Apache-2.0
make_model model.safetensors
printf '1,2,3,0\n4,5,6,1\n' >three.csv
"$LUTGEN" eval model.safetensors --data three.csv
