"""Runs: the loop of model and tools over a session's log, in the background, resumable by any process."""

from orchestrator.running.limits import Limits
from orchestrator.running.options import Options
from orchestrator.running.parts import Parts
from orchestrator.running.runner import Runner
from orchestrator.running.tidying import tidied
from orchestrator.running.tracing import Tracing

__all__ = ["Limits", "Options", "Parts", "Runner", "Tracing", "tidied"]
