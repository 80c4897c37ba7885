make_model bad.safetensors "$encoder,{\"kind\":\"group_sum\"}"
"$LUTGEN" info bad.safetensors
