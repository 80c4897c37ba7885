make_model bad.safetensors "$encoder,{\"kind\":\"group_sum\",\"groups\":3}"
"$LUTGEN" info bad.safetensors
