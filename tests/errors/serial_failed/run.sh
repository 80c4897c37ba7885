make_model m.safetensors
make_images images
"$LUTGEN" ask m.safetensors --port nowhere --data images
