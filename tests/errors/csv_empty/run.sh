make_model small.safetensors
printf 'width,height,class\n' >bad.csv
"$LUTGEN" eval small.safetensors --data bad.csv
