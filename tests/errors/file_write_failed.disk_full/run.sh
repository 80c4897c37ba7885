# A disk of 64 KiB, seen by this process only: root may mount it, others in a user namespace.
own=(unshare --mount)
"${own[@]}" true 2>/dev/null || own=(unshare --map-root-user --mount)
"${own[@]}" true 2>/dev/null || {
  echo "mounting a small disk is not permitted here"
  exit 77
}
mkdir disk
"${own[@]}" bash -eu -c '
  mount -t tmpfs -o size=64k none disk
  status=0
  "$LUTGEN" emit "$LUTGEN_ROOT/sim/models/mnist-lut6-1000.safetensors" --family xc7 -o disk/out || status=$?
  find disk ! -type d -printf "left behind: %p\n" >&2
  exit "$status"'
