make_model bad.safetensors '{"kind":"thermometer","name":"pixels","thresholds":"t"},
{"kind":"lut","from":"pixel","inputs":"i","tables":"b"}'
"$LUTGEN" info bad.safetensors
