"""What can go wrong in a conversation.

ModelError                 the model did not answer as it should; `is_worth_repeating` says: ask again
├── ModelBusy              429 or 503; retry_after_seconds is known or None
├── ModelUnreachable       no connection, or one that broke
├── ModelRefused           the request or the answer was blocked: says by what
├── AnswerBroken           truncated, malformed, or without an end
└── RequestInvalid         the model's service refuses the request itself
    └── SignatureMissing   the history lacks thought signatures, or holds those of another model
ToolError                  a tool could not be called (a refusal by the tool is its answer, no error)
├── ToolsUnreachable       the MCP server does not answer
└── ToolsChanged           the tools are not those that were agreed to
LimitReached               steps, calls, time, tokens or money: says which, and what was used
BudgetExceeded             a budget has no room for the next call: says which, and when it has again
"""

from typing import Self

from orchestrator.model.port import Usage
from pyairtable_platform.kernel import ServiceError


class ModelError(ServiceError):
    """The model did not answer as it should.

    `usage` is what the service says it used all the same; `may_be_billed` that it began to answer, so that
    without `usage` nobody knows what it cost.
    """

    status = 502
    code = "model_error"
    title = "The model failed"
    is_worth_repeating = False
    usage: Usage | None = None
    may_be_billed = False

    def used(self, usage: Usage | None, *, may_be_billed: bool = True) -> Self:
        """The same error, with what the failed answer used."""
        self.usage, self.may_be_billed = usage, may_be_billed
        return self


class ModelBusy(ModelError):
    """The model's service is busy."""

    status = 503
    code = "model_busy"
    title = "The model is busy"
    is_worth_repeating = True

    def __init__(self, detail: str = "", *, retry_after_seconds: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds


class ModelUnreachable(ModelError):
    """The model's service cannot be reached, or its answer broke off."""

    code = "model_unreachable"
    title = "The model cannot be reached"
    is_worth_repeating = True


class ModelRefused(ModelError):
    """The model's service blocked the request or the answer."""

    status = 422
    code = "model_refused"
    title = "The model refused"


class AnswerBroken(ModelError):
    """The model's answer is not whole."""

    code = "answer_broken"
    title = "The answer is not whole"
    is_worth_repeating = True


class RequestInvalid(ModelError):
    """The model's service does not take the request."""

    status = 422
    code = "request_invalid"
    title = "The model takes no such request"


class SignatureMissing(RequestInvalid):
    """The history's thought signatures are missing, or belong to another model or key."""

    code = "thought_signature_missing"


class ToolError(ServiceError):
    """A tool could not be called."""

    status = 502
    code = "tool_error"
    title = "A tool failed"


class ToolsUnreachable(ToolError):
    """The MCP server does not answer."""

    code = "tools_unreachable"
    title = "The tools cannot be reached"


class ToolsChanged(ToolError):
    """The MCP server's tools are not those that were agreed to; look at them and agree anew."""

    status = 409
    code = "tools_changed"
    title = "The tools have changed"


class LimitReached(ServiceError):
    """The run reached one of its limits."""

    status = 422
    code = "limit_reached"
    title = "A limit was reached"


class BudgetExceeded(ServiceError):
    """A budget has no room for this."""

    status = 402
    code = "budget_exceeded"
    title = "The budget is used up"
