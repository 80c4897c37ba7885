"$LUTGEN" info missing.safetensors
