"""A person in control of writes: calls that wait for a decision, and grants given beforehand."""

from orchestrator.approvals.approval import Approval, arguments_sha256
from orchestrator.approvals.approvals import Approvals
from orchestrator.approvals.errors import AlreadyDecided, ApprovalExpired, ApprovalNotFound, OtherArguments
from orchestrator.approvals.grant import GRANTABLE, Grant
from orchestrator.approvals.grants import GrantNotFound, Grants

__all__ = [
    # Decisions about one call
    "Approval",
    "Approvals",
    "arguments_sha256",
    # Decisions given beforehand
    "Grant",
    "GRANTABLE",
    "Grants",
    # Errors
    "ApprovalNotFound",
    "AlreadyDecided",
    "ApprovalExpired",
    "OtherArguments",
    "GrantNotFound",
]
