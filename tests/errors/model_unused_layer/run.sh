make_model bad.safetensors "$encoder,$lut"',{"kind":"group_sum","from":0,"groups":2}'
"$LUTGEN" info bad.safetensors
