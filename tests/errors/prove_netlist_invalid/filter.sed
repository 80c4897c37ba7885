/^prove: /d
