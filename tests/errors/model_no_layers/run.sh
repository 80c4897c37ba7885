make_model bad.safetensors ""
"$LUTGEN" info bad.safetensors
