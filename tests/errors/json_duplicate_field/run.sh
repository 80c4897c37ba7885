make_description bad.safetensors '{"format":1,"name":"a","name":"b"}'
"$LUTGEN" info bad.safetensors
