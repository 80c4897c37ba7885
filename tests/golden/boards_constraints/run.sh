export XDG_CONFIG_HOME=$PWD
for board in arty-a7-35t ulx3s-85f ice40-hx8k gatemate-a1-evb; do
  "$LUTGEN" boards "$board" --constraints
done
