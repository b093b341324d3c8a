"""The agent over HTTP: conversations, decisions, cost. Each file is one family of endpoints."""
