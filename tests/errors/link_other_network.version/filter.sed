s|/dev/pts/[0-9]+|TERMINAL|
