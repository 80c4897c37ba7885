make_model bad.safetensors "$encoder"',
{"kind":"lut","name":"hidden","inputs":"i","tables":"b"},
{"kind":"lut","name":"hidden","inputs":"i","tables":"b"}'
"$LUTGEN" info bad.safetensors
