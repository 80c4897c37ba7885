make_model small.safetensors
make_images set
printf '\0\0\x0d\x01\0\0\0\x01\0\0\0\0' >set/t10k-images-idx3-ubyte # floats
"$LUTGEN" eval small.safetensors --data set
