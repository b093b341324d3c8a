"""Any model behind OpenAI's chat completions: Ollama, vLLM, llama.cpp, and services that speak it."""

from orchestrator.model.chat_completions.answer import PROVIDER
from orchestrator.model.chat_completions.client import ChatCompletionsModel

__all__ = ["PROVIDER", "ChatCompletionsModel"]
