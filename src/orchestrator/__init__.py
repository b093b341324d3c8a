"""The agent: a model that works on a base through MCP tools, with a person in control of writes and cost."""
