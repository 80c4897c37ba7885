make_model bad.safetensors '{"kind":"thermometer","name":"input","thresholds":"t"}'
"$LUTGEN" info bad.safetensors
