make_safetensors bad.safetensors '["a list"]'
"$LUTGEN" info bad.safetensors
