make_model small.safetensors
mkdir set
"$LUTGEN" eval small.safetensors --data set
