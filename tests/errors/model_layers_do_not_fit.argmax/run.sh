make_model bad.safetensors "$encoder,$lut,$argmax"
"$LUTGEN" info bad.safetensors
