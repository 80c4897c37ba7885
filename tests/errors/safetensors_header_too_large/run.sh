printf 'This is a text, not a network.\n' >bad.safetensors
"$LUTGEN" info bad.safetensors
