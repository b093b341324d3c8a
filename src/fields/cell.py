"""What a rule is told about the cell it judges, besides the value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, TypeAlias, get_args

from fields.problems import Code, Path, Problem, Refusal

Mode: TypeAlias = Literal["airtable", "strict"]
Options: TypeAlias = Mapping[str, Any]

NO_OPTIONS: Options = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Cell:
    """`name` is what messages call the cell; `options` are the field's, as the meta API gives them.

    `locale` and `time_zone` matter to text only: reading it (typecast) and writing it (cellFormat=string).
    `may_cast` says that typecasting may be advised: not where it is done, in vain, or not to be had.
    """

    name: str
    options: Options = field(default_factory=lambda: NO_OPTIONS)
    strict: bool = False
    locale: str = "en"
    time_zone: str = "utc"
    may_cast: bool = True

    def or_cast(self, *remedies: str, to: str = "") -> str:
        """The remedies as a sentence, with typecasting, done `to` something, where it may be advised."""
        *ways, last = (*remedies, f"pass typecast=true{to}") if self.may_cast else remedies
        return f"{', '.join(ways)}, or {last}." if ways else f"{last}."

    def refusal(self, code: Code, message: str, *, path: Path = (), suggestion: Any = None) -> Refusal:
        """One problem of this cell, to be raised; a suggestion that no JSON could carry is dropped."""
        return Refusal([Problem(code, message, path, suggestion if _is_sendable(suggestion) else None)])

    def integer(self, option: str, default: int | None = None) -> int | None:
        """A whole number among the options, `default` when it is absent or something else."""
        found = self.options.get(option)
        return found if isinstance(found, int) and not isinstance(found, bool) else default

    def string(self, option: str, default: str = "") -> str:
        """A text among the options, `default` when it is absent or something else."""
        found = self.options.get(option)
        return found if isinstance(found, str) else default

    def flag(self, option: str, *, default: bool = False) -> bool:
        """A yes or no among the options, `default` when it is absent or something else."""
        found = self.options.get(option)
        return found if isinstance(found, bool) else default

    def strings(self, option: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of texts among the options, `default` when it is absent or something else."""
        found = self.options.get(option)
        if not isinstance(found, list | tuple):
            return default
        return tuple(member for member in found if isinstance(member, str))


def check_asker(locale: str, time_zone: str) -> None:
    """Raises moments.UnknownLocale or moments.UnknownZone for what there is none of."""
    if (locale, time_zone) == ("en", "utc"):
        return
    from moments import resolve_locale, resolve_zone  # not before one is named: it brings all of them

    resolve_locale(str(locale))
    resolve_zone(str(time_zone))


def is_strict(mode: str) -> bool:
    """Whether the mode is "strict". Raises ValueError if there is no such mode."""
    if mode not in get_args(Mode):
        raise ValueError(f"mode is one of {', '.join(get_args(Mode))}, not {mode!r}")
    return mode == "strict"


def mapping(options: Any) -> Options:
    """The options if they are an object, else none."""
    return options if isinstance(options, Mapping) else NO_OPTIONS


def _is_sendable(suggestion: Any) -> bool:
    """Whether the suggestion, often made of what was refused, is JSON in UTF-8."""
    from json import dumps  # read only when something is wrong already

    try:
        dumps(suggestion, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except (ValueError, TypeError, RecursionError):
        return False
    return True
