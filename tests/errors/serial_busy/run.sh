make_model m.safetensors
make_images images
: >port
exec 3<port
flock 3
"$LUTGEN" ask m.safetensors --port port --data images
