make_model bad.safetensors "$encoder,$sum,$argmax,$lut"
"$LUTGEN" info bad.safetensors
