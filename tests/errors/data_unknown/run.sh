make_model small.safetensors
"$LUTGEN" eval small.safetensors --data fashion
