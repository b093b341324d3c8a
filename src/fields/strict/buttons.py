"""Buttons: a label, an action, and an address that is safe to open."""

from collections.abc import Mapping
from typing import Any

from ada_url import URL

from fields.cell import Cell
from fields.problems import Problem, Refusal
from fields.strict.urls import check_credentials, check_scheme, judged
from fields.types.text import any_text
from fields.wording import hint, listed, nearest, shown

SAFE_SCHEMES = ("http", "https", "mailto", "tel")
ACTIONS = ("openUrl", "openRecord", "runScript", "runExtension", "sendEmail", "callNumber")
_LONGEST_LABEL = 100  # characters; what a grid can show is less


def button_url(text: str, cell: Cell) -> str:
    r"""The address that a click opens, in its normal form. Refuses javascript:, data: and all other schemes.

    The scheme is read as browsers read it, without the tabs and line breaks that hide `java\tscript:`.
    """
    return judged(any_text(text, cell), cell, _judge).href


def button(value: Any, cell: Cell) -> dict[str, Any]:
    """{label, action, url?} with a trimmed label; the action is openUrl if there is a url and none is named.

    Refuses with everything that is wrong at once.
    """
    if not isinstance(value, Mapping):
        raise cell.refusal("bad_button", f'{cell.name} is {{"label", "action", "url"}}, not {shown(value)}.')
    problems: list[Problem] = []
    found: dict[str, Any] = {}
    for key, rule in (("label", _label), ("action", _action), ("url", _url)):
        try:
            found[key] = rule(value, cell)
        except Refusal as refusal:
            problems += (problem.under(key) for problem in refusal.problems)
    if problems:
        raise Refusal(problems)
    return {key: member for key, member in found.items() if member is not None}


def _judge(url: URL, cell: Cell) -> None:
    check_scheme(url, cell, SAFE_SCHEMES)
    if url.protocol == "tel:" and not any(sign.isdigit() for sign in url.pathname):
        raise cell.refusal("bad_url", f"{cell.name} calls a number, and there is none after tel: to call.")
    check_credentials(url, cell)


def _label(value: Mapping[str, Any], cell: Cell) -> str:
    given = value.get("label")
    label = any_text(given, cell).strip() if given is not None else ""
    if not 1 <= len(label) <= _LONGEST_LABEL:
        raise cell.refusal("bad_button", f"{cell.name} has a label of 1 to {_LONGEST_LABEL} characters.")
    return label


def _action(value: Mapping[str, Any], cell: Cell) -> str:
    action = value.get("action", "openUrl")
    if action in ACTIONS:
        return str(action)
    near = nearest(action, ACTIONS) if isinstance(action, str) else None
    message = f"{cell.name} does one of {listed(ACTIONS)}, not {shown(action)}.{hint(near)}"
    raise cell.refusal("bad_button", message, suggestion=near)


def _url(value: Mapping[str, Any], cell: Cell) -> str | None:
    if value.get("url") is not None:
        return button_url(value["url"], cell)
    if value.get("action", "openUrl") == "openUrl":
        raise cell.refusal("bad_button", f"{cell.name} opens an address. Give it as url.")
    return None
