s/: [0-9]+ bytes were/: SOME bytes were/
