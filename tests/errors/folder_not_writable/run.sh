touch file # root may write anywhere, but not below a file
"$LUTGEN" emit "$LUTGEN_ROOT/sim/models/mnist-lut6-1000.safetensors" --family xc7 -o file/out
