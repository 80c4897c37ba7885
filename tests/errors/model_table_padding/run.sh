data='\x03\x04\x06\x18\0\0\0\0\x01\0\0\0\x01\0\0\0\0\0\0\0'
make_model bad.safetensors
"$LUTGEN" info bad.safetensors
