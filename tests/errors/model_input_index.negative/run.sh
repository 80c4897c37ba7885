data='\x03\x04\x06\x08\0\0\0\0\xff\xff\xff\xff\x01\0\0\0\0\0\0\0'
make_model bad.safetensors
"$LUTGEN" info bad.safetensors
