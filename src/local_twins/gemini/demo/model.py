"""The demo as the twin's model: it finds the request and replays its work, or says what it understands."""

from collections.abc import Mapping

from local_twins.gemini.demo.requests import REQUESTS
from local_twins.gemini.demo.work import replay
from local_twins.gemini.prompt import Prompt, calls, text_parts
from local_twins.gemini.turn import Call, Fault, Turn

NOTICE = (
    "This is a demo without a language model: it follows a handful of rules. "
    "For a real one set GEMINI_API_KEY and start again."
)


class DemoModel:
    """See `Model`: the same conversation always has the same next turn."""

    def answer(self, prompt: Prompt) -> Turn:
        """See `Model.answer`."""
        step = _next(prompt)
        if isinstance(step, str):
            return Turn(texts=(_with_notice(step, prompt),))
        if step.name not in prompt.tools:
            return Turn(
                texts=(_with_notice(f"I would need the tool {step.name}, which is not here.", prompt),)
            )
        if prompt.calling_mode == "NONE":
            return Turn(texts=(_with_notice("I stop here: no more calls are allowed.", prompt),))
        turns = sum(1 for content in prompt.contents if content.get("role") == "model")
        return Turn(calls=(Call(step.name, step.args, f"demo-{turns}"),))

    def fault(self, _prompt: Prompt) -> Fault | None:
        """Nothing ever goes wrong with a demo's request."""
        return None


def _next(prompt: Prompt) -> Call | str:
    for request in REQUESTS:
        if words := request.pattern.match(prompt.question):
            return replay(request.work(words, _last_base(prompt)), prompt.answers_since_question())
    return _not_understood(prompt.question)


def _last_base(prompt: Prompt) -> str:
    """The base of the last call before the question; empty if there was none."""
    known = [
        args["base_id"]
        for content in prompt.before_question()
        for part in calls(content)
        if isinstance(args := part.get("functionCall", part.get("function_call", {})).get("args"), Mapping)
        and "base_id" in args
    ]
    return str(known[-1]) if known else ""


def _not_understood(question: str) -> str:
    said = " ".join(question.split())
    shown = said if len(said) <= 80 else f"{said[:79]}…"
    examples = [f"- {request.example}" for request in REQUESTS]
    return "\n".join([f"I did not understand “{shown}”. I understand:", *examples])


def _with_notice(text: str, prompt: Prompt) -> str:
    """The text, with the notice as its first line if the conversation has not had it."""
    said = (
        part for content in prompt.contents if content.get("role") == "model" for part in text_parts(content)
    )
    return text if any(NOTICE in part for part in said) else f"{NOTICE}\n\n{text}"
