"""Which input sizes a network takes, and which give the output that is wanted."""
