make_model bad.safetensors "$encoder"',
{"kind":"lut","from":"early","inputs":"i","tables":"b"},
{"kind":"lut","name":"early","from":0,"inputs":"i","tables":"b"},
{"kind":"group_sum","from":1,"groups":2}'
"$LUTGEN" info bad.safetensors
