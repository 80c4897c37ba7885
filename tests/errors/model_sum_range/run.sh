make_threshold_model bad.safetensors '0 3 6' '1 1 1 -2147483648 -1 7'
"$LUTGEN" info bad.safetensors
