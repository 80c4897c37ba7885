make_model small.safetensors
printf '1,2,0\n3,4,1.5\n' >bad.csv
"$LUTGEN" eval small.safetensors --data bad.csv
