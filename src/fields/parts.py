"""What values are made of, judged on its own: hosts, amounts, lengths of time, files and buttons.

Every function answers with a Checked and raises nothing. `options` are those of the rule that each names.
"""

from collections.abc import Callable, Sequence
from typing import Any

from fields.cell import Cell, Mode, Options, is_strict, mapping
from fields.checked import Checked
from fields.later import later
from fields.plain import plain
from fields.problems import Refusal
from fields.types.durations import duration_of_text
from fields.types.text import any_text
from fields.wording import shown

Rule = Callable[..., Any]


def check_money(value: Any, options: Options | None = None) -> Checked:
    """An amount as a decimal numeral to the smallest part of options["currency"] (`strict.money.money`)."""
    return _answer("Amount", options, lambda cell: later("strict.money", "money")(value, cell))


def read_amount(text: Any, options: Options | None = None) -> Checked:
    """The decimal numeral in "1.234,56 €", as options["locale"] writes it (`strict.amounts`)."""
    return _of_text("Amount", text, options, later("strict.amounts", "formatted_amount"))


def read_duration(text: Any, options: Options | None = None, *, mode: Mode = "strict") -> Checked:
    """The seconds in "1:30", "1h 30m" or "PT1H30M" (`types.durations.duration_of_text`)."""
    return _of_text("Duration", text, options, duration_of_text, strict=is_strict(mode))


def check_hostname(text: Any, options: Options | None = None) -> Checked:
    """A host's name as browsers read it (`strict.hosts.hostname`)."""
    return _of_text("Host", text, options, later("strict.hosts", "hostname"))


def find_registrable_domain(text: Any, options: Options | None = None) -> Checked:
    """The part of a host's name that somebody registered (`strict.hosts.registrable_domain`)."""
    return _of_text("Domain", text, options, later("strict.hosts", "registrable_domain"))


def check_file_url(text: Any, options: Options | None = None) -> Checked:
    """An address that a file may be fetched from (`strict.fetching.fetch_address`).

    Ask at each step of a fetch: with the URL, with options["addresses"] once its host is resolved, and again
    for every redirect; connect to those addresses and no others.
    """
    return _of_text("File address", text, options, later("strict.fetching", "fetch_address"))


def check_file_kind(head: bytes, *, filename: str = "", declared: str = "") -> Checked:
    """{"type"}, the MIME type of the file that starts with `head` (`files.kinds.file_kind`).

    `head` is up to 1,445 bytes; refused when the name or the declared type says something else.
    """
    return _answer("File", None, lambda cell: _file_kind(head, filename, declared, cell))


def check_file_sizes(sizes: Sequence[Any], options: Options | None = None) -> Checked:
    """The sizes in bytes of one cell's files, if they are within bounds (`files.limits.file_sizes`)."""
    return _answer("Attachment", options, lambda cell: _file_sizes(sizes, cell))


def measure_base64(text: Any) -> Checked:
    """The number of bytes in a base64 text, without decoding it (`files.limits.decoded_size`)."""
    return _answer(
        "File", None, lambda cell: later("files.limits", "decoded_size")(_string(text, cell), cell)
    )


def clean_filename(name: Any) -> Checked:
    """A name that is safe to store and to show (`files.names.clean_filename`)."""
    rule = later("files.names", "clean_filename")
    return _answer("File name", None, lambda cell: rule(any_text(name, cell)))


def check_button(value: Any, options: Options | None = None) -> Checked:
    """{label, action, url?} of a button that is safe to click (`strict.buttons.button`)."""
    return _answer("Button", options, lambda cell: later("strict.buttons", "button")(value, cell))


def check_button_url(text: Any, options: Options | None = None) -> Checked:
    """An address that is safe to open by a click (`strict.buttons.button_url`)."""
    return _of_text("Button", text, options, later("strict.buttons", "button_url"))


def _file_kind(head: Any, filename: Any, declared: Any, cell: Cell) -> Any:
    if not isinstance(head, bytes | bytearray):
        raise cell.refusal("wrong_type", f"{cell.name} is judged by its first bytes, not by {shown(head)}.")
    told = _string(filename, cell), _string(declared, cell)
    return later("files.kinds", "file_kind")(bytes(head), *told, cell)


def _file_sizes(sizes: Any, cell: Cell) -> Any:
    if not isinstance(sizes, list | tuple):
        raise cell.refusal("wrong_type", f"{cell.name} takes a list of sizes, not {shown(sizes)}.")
    return later("files.limits", "file_sizes")(sizes, cell)


def _of_text(label: str, text: Any, options: Any, rule: Rule, *, strict: bool = True) -> Checked:
    return _answer(
        label, options, lambda cell: rule(any_text(_string(text, cell), cell), cell), strict=strict
    )


def _string(text: Any, cell: Cell) -> str:
    """A text of any length: a file in base64 is longer than what a cell holds."""
    if isinstance(text, str):
        return text
    raise cell.refusal("wrong_type", f"{cell.name} takes a text, not {shown(text)}.")


def _answer(label: str, options: Any, ask: Callable[[Cell], Any], *, strict: bool = True) -> Checked:
    try:
        value = ask(Cell(label, mapping(options), strict, may_cast=False))
    except Refusal as refusal:
        return Checked(problems=refusal.problems)
    return Checked(value, plain(value))
