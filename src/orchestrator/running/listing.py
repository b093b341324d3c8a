"""The tools of a session: noted in its log, so that another list is noticed, however much later."""

from collections.abc import Sequence

from orchestrator.errors import ToolsChanged
from orchestrator.events import ToolsListed
from orchestrator.running.parts import ToolChanges
from orchestrator.running.story import Story
from orchestrator.toolbox import Tool
from orchestrator.toolbox.pins import Difference, difference, digests


def listed(story: Story, run: str, tools: Sequence[Tool], policy: ToolChanges) -> list[ToolsListed]:
    """What is to be logged: nothing while the tools are those noted before. Raises ToolsChanged."""
    now, before = digests(tools), story.tools
    if now == before:
        return []
    new = difference(before, now) if before is not None else Difference()
    if before is not None and policy == "stop":
        raise ToolsChanged(
            f"The tools are not those that this session began with ({new.told}). "
            "A new session takes them as they are now."
        )
    return [ToolsListed(run, now, new.added, new.removed, new.changed)]
