"""Other people's tasks, put through our declarations, our loop and our MCP client: BFCL and tau2 retail."""
