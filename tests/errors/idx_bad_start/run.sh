make_model small.safetensors
make_images set
printf 'a text, not an array' >set/t10k-images-idx3-ubyte
"$LUTGEN" eval small.safetensors --data set
