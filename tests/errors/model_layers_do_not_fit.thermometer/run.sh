make_model bad.safetensors "$encoder,$encoder"
"$LUTGEN" info bad.safetensors
