"""What operators are told of the gateway's work, through a port that needs no library."""
