make_model m.safetensors
make_images images
open_terminal
"$LUTGEN" ask m.safetensors --port "$terminal" --data images --tries 1 --timeout 60000 &
timeout 60 head -c 9 <&"$from_host" >request
printf '\x7e\x81\x01\x02\x9b\x06\xe4\x07\x62\x88\x22\xe3\x02\x00\x00\x01\x02\x00\x02\xbb\x5d\x2b\x71\x7e' >&"$to_host"
status=0
wait $! || status=$?
close_terminal
exit "$status"
