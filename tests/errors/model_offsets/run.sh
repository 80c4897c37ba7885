make_threshold_model bad.safetensors '0 4 3'
"$LUTGEN" info bad.safetensors
