# SPDX-License-Identifier: Apache-2.0
make_model model.safetensors
printf '1,2,0\n4,256,1\n' >large.csv
"$LUTGEN" eval model.safetensors --data large.csv
