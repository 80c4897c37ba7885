make_model small.safetensors
printf '\x93NUMPY\x01\0\x3a\0%-57s\n' "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2)}" >x.npy
printf '123' >>x.npy
"$LUTGEN" eval small.safetensors --data x.npy --label x.npy
