env -u LUTGEN_BOARDS HOME=/nowhere XDG_CONFIG_HOME= "$LUTGEN" boards arty
