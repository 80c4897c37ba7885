# SPDX-License-Identifier: Apache-2.0
make_model small.safetensors
printf 'width,height,kind\n1,2,0\n3,1,1\n' >bad.csv
"$LUTGEN" eval small.safetensors --data bad.csv --label class
