make_model bad.safetensors "$lut,$sum,$argmax"
"$LUTGEN" info bad.safetensors
