"""The same answers under OpenAI's API, as the real service also gives them (docs: "OpenAI compatibility")."""

from local_twins.gemini.openai.api import OpenAi

__all__ = ["OpenAi"]
