make_model m.safetensors "$encoder,$lut,$sum"
make_images images
"$LUTGEN" ask m.safetensors --port nowhere --data images
