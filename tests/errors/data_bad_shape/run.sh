make_model small.safetensors
make_images set
printf '\0\0\x08\x01\0\0\0\x02\0\x01' >set/t10k-labels-idx1-ubyte
"$LUTGEN" eval small.safetensors --data set
