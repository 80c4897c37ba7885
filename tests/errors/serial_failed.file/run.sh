make_model m.safetensors
make_images images
: >port
"$LUTGEN" ask m.safetensors --port port --data images
