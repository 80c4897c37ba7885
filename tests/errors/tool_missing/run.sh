mkdir empty
PATH=$PWD/empty "$LUTGEN" cosim "$LUTGEN_ROOT/sim/models/mnist-lut6-1000.safetensors" \
  --family xc7 --data synthetic-digits -o simulation
