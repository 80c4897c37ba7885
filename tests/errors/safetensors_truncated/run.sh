make_model whole.safetensors
head -c 100 whole.safetensors >bad.safetensors
"$LUTGEN" info bad.safetensors
