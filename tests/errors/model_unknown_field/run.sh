make_model bad.safetensors "$encoder"',{"kind":"lut","input":"i","inputs":"i","tables":"b"}'
"$LUTGEN" info bad.safetensors
