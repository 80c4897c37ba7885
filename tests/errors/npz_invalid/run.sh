make_model small.safetensors
echo 'no archive' >x.npz
"$LUTGEN" eval small.safetensors --data x.npz
