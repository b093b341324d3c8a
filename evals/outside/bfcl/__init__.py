"""BFCL, the Berkeley Function Calling Leaderboard: its schemas, gold arguments and gold conversations."""
