"""The language model, as the loop sees it: one protocol, its values; each service is an adapter."""

from orchestrator.model.port import Effort, Model, ModelRequest, Piece, Reply, Usage

__all__ = ["Effort", "Model", "ModelRequest", "Piece", "Reply", "Usage"]
