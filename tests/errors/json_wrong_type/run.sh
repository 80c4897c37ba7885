make_model bad.safetensors "$encoder,{\"kind\":\"group_sum\",\"groups\":\"ten\"}"
"$LUTGEN" info bad.safetensors
