truncate --size 5G large.safetensors # sparse: takes no room
"$LUTGEN" info large.safetensors
