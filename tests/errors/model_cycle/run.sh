make_model bad.safetensors "$encoder"',
{"kind":"lut","name":"a","from":"b","inputs":"i","tables":"b"},
{"kind":"lut","name":"b","from":"a","inputs":"i","tables":"b"}'
"$LUTGEN" info bad.safetensors
