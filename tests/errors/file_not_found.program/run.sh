"$LUTGEN" program nowhere.bit --board basys3
