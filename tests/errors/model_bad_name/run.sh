make_model bad.safetensors '{"kind":"thermometer","name":"first layer","thresholds":"t"}'
"$LUTGEN" info bad.safetensors
