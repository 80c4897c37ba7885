make_model small.safetensors
make_images set
printf '\0\0\x08\x02\xff\xff\xff\xff\xff\xff\xff\xff' >set/t10k-images-idx3-ubyte
"$LUTGEN" eval small.safetensors --data set
