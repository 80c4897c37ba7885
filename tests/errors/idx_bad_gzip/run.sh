make_model small.safetensors
make_images set
gzip -nc set/t10k-images-idx3-ubyte | head -c 30 >set/t10k-images-idx3-ubyte.gz
rm set/t10k-images-idx3-ubyte
"$LUTGEN" eval small.safetensors --data set
