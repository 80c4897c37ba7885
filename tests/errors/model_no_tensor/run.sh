make_model bad.safetensors "$encoder"',{"kind":"lut","inputs":"lut0.input","tables":"b"}'
"$LUTGEN" info bad.safetensors
