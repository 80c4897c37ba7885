# SPDX-License-Identifier: Apache-2.0
make_model model.safetensors
printf '1,2,0\n4,5,2\n' >label.csv
"$LUTGEN" eval model.safetensors --data label.csv
