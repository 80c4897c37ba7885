make_model small.safetensors
printf '1,2,0\n3, x4,1\n' >bad.csv
"$LUTGEN" eval small.safetensors --data bad.csv
