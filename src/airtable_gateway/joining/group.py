"""Waiting calls that go as one request."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from airtable_gateway.joining.joint import Apart, Joint

if TYPE_CHECKING:
    from airtable_gateway.calls.call import Call


def companions(first: Joint[Any], others: Iterable[tuple[Any, Joint[Any] | None]]) -> list[Any]:
    """Those of the others that go along with the first one, in their order.

    Nobody overtakes a call that touches the same record, so one that cannot come along keeps the later ones
    of its records back as well.
    """
    count, touched, along = len(first.parts), set(first.touches), []
    for other, joint in others:
        if joint is None:
            continue
        fits = joint.key == first.key and count + len(joint.parts) <= first.limit
        if fits and touched.isdisjoint(joint.touches):
            along.append(other)
            count += len(joint.parts)
        touched |= joint.touches
    return along


def joined(joints: list[Joint[Any]]) -> "Call[Any]":
    """One request for all of them."""
    return joints[0].join([part for joint in joints for part in joint.parts])


def shared(joints: list[Joint[Any]], items: list[Any]) -> list[Any]:
    """What each of them has of the answer; Apart, as a value, for one that has to go alone."""
    shares, start = [], 0
    for joint in joints:
        end = start + len(joint.parts)
        shares.append(_own(joint, items[start:end]))
        start = end
    return shares


def _own(joint: Joint[Any], items: list[Any]) -> Any:
    try:
        return joint.own(items)
    except Apart as apart:
        return apart
