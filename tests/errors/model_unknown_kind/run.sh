make_model bad.safetensors "$encoder"',{"kind":"relu"}'
"$LUTGEN" info bad.safetensors
