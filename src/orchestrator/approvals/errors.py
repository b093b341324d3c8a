"""What can go wrong with an approval.

ApprovalNotFound   there is none of that id in a session of yours
AlreadyDecided     someone decided otherwise before
ApprovalExpired    its time is over; the call was not made
OtherArguments     what was looked at is not what waits: the hash differs
"""

from pyairtable_platform.kernel import Conflict, NotFound


class ApprovalNotFound(NotFound):
    """There is no such approval of yours; GET /approvals lists those that wait."""

    code = "approval_not_found"


class AlreadyDecided(Conflict):
    """This call was decided about before, otherwise."""

    code = "already_decided"


class ApprovalExpired(Conflict):
    """The time to decide is over, and the call was not made; ask again."""

    code = "approval_expired"


class OtherArguments(Conflict):
    """The arguments that you looked at are not those that wait; look at the approval again."""

    code = "other_arguments"
