# A terminal whose other end nobody holds.
make_model m.safetensors
make_images images
"$LUTGEN" ask m.safetensors --port /dev/ptmx --data images --tries 2 --timeout 20
