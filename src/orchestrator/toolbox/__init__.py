"""The tools of the agent: those of an MCP server, in process or by URL, under a policy of our own."""

from orchestrator.toolbox.port import Effect, Json, Preview, Tool, Toolbox, ToolCall, ToolOutcome

__all__ = ["Effect", "Json", "Preview", "Tool", "ToolCall", "ToolOutcome", "Toolbox"]
