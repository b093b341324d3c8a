"""When a call may go: pace, turns, repeats after failures, and a breaker for bases that do not answer."""
