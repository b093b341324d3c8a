"""The public face: formulas checked, compiled and evaluated.

Here, and nowhere below, a missing `now` is read from the clock.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from typing import Any

from formula.batches import Batches
from formula.closures import Closure, build
from formula.coercion import truth_of
from formula.comparing import Comparison
from formula.comparing import comparisons as compared
from formula.errors import DeadlinePassed, UnknownSetting
from formula.explaining import Step, explained
from formula.functions import EVERY_FUNCTION, Dialect
from formula.limits import LIMITS, Limits
from formula.questions import REMEMBERED_CHARACTERS, Question, checked, parsed, runnable, stack_for
from formula.report import Report
from formula.scope import Batch, Row
from formula.switches import SWITCHES, Switches
from formula.tables import NO_RECORD, ByColumn, ByRow, Table
from formula.tree import Call, Node, walk
from formula.values import FAILURES, ErrorValue, Value, failure
from moments import MomentError, resolve_locale, resolve_zone

_Pairs = tuple[tuple[str, str], ...] | None
_Settings = tuple[str, str, Switches, Limits]

_CHUNK = 4_096
"""Rows that are computed together: one that fails has the others of its chunk computed one by one."""

_ROWS_A_LOOK = 256
"""Rows between two looks at the clock, where a batch has a deadline."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A formula ready to run, with the report of its check; safe to share between threads."""

    text: str
    report: Report
    _run: Closure
    _batch: Batch
    _batches: Batches
    _is_timeless: bool

    @property
    def result_type(self) -> str:
        """text, number, boolean, date, array, blank or any."""
        return self.report.result_type

    @property
    def depends_on(self) -> tuple[str, ...]:
        """The names of the fields that the formula reads."""
        return self.report.depends_on

    def one(
        self,
        fields: Mapping[str, Any] = NO_RECORD,
        *,
        now: datetime | None = None,
        record: Mapping[str, Any] | None = None,
    ) -> Value:
        """The value for one record, given its REST values by field name; what fails is an ErrorValue."""
        return _value(self._run, Row(fields, record or NO_RECORD, self._at(now)))

    def map(
        self,
        rows: Iterable[Mapping[str, Any]],
        *,
        now: datetime | None = None,
        records: Iterable[Mapping[str, Any]] | None = None,
        deadline_seconds: float | None = None,
    ) -> list[Value]:
        """The values for many records, in their order, all at one `now`.

        `records` say of each row what `record` says of one. Raises DeadlinePassed, and ValueError if there
        are not as many records as rows.
        """
        size = _CHUNK if deadline_seconds is None else _ROWS_A_LOOK
        return self._values(ByRow.chunks(rows, records, size), now, deadline_seconds)

    def map_columns(
        self,
        columns: Mapping[str, Sequence[Any]],
        *,
        now: datetime | None = None,
        records: Sequence[Mapping[str, Any]] | None = None,
    ) -> list[Value]:
        """The values for many records given as columns. Raises ValueError if their lengths differ."""
        return self._values(ByColumn.chunks(columns, records, _CHUNK), now, None)

    def _values(
        self, tables: Iterable[Table], now: datetime | None, deadline_seconds: float | None
    ) -> list[Value]:
        batch = self._at(now)
        started = datetime.now(UTC)
        values: list[Value] = []
        for table in tables:
            if deadline_seconds is not None and datetime.now(UTC) - started > timedelta(
                seconds=deadline_seconds
            ):
                raise DeadlinePassed(deadline_seconds, len(values))
            values += self._batches.values(table, batch)
        return values

    def matches(self, fields: Mapping[str, Any], *, record: Mapping[str, Any] | None = None) -> bool:
        """Whether filterByFormula keeps such a record."""
        value = self.one(fields, record=record)
        return value is True or (value is not False and holds(value))

    def _at(self, now: datetime | None) -> Batch:
        if self._is_timeless:
            return self._batch
        return replace(self._batch, now=_as_utc(datetime.now(UTC) if now is None else now))


def evaluate(  # noqa: PLR0913 - the public face, agreed with its callers
    text: str,
    fields: Mapping[str, Any] = NO_RECORD,
    *,
    field_types: Mapping[str, str] | None = None,
    field_names: Mapping[str, str] | None = None,
    record: Mapping[str, Any] | None = None,
    now: datetime | None = None,
    time_zone: str = "utc",
    locale: str = "en",
    dialect: Dialect = "airtable",
    switches: Switches = SWITCHES,
    limits: Limits = LIMITS,
) -> Value:
    """The value of a formula for one record.

    `fields` are REST values by name; `field_types` Airtable's types by name (without them the values tell,
    and a field that is not there is blank); `field_names` names by id; `record` has id, created_time,
    modified_time and field_modified_times; `now` is an aware datetime. What fails gives an ErrorValue.
    Raises FormulaSyntaxError, FormulaCheckError and UnknownSetting.
    """
    known = field_types or {}
    present = tuple(name for name in fields if name not in known)
    settings = (time_zone, locale, switches, limits)
    compiled = _recalled(text, _pairs(field_types), _pairs(field_names), present, settings, dialect)
    return compiled.one(fields, now=now, record=record)


def matches(text: str, fields: Mapping[str, Any] = NO_RECORD, **options: Any) -> bool:
    """Whether filterByFormula keeps such a record; takes what `evaluate` takes, and raises what it raises.

    A record is kept unless the value is blank, 0, false, "", NaN, an empty array or an error (Airtable's
    reference: "List records", filterByFormula).
    """
    return holds(evaluate(text, fields, **options))


def compile(
    text: str,
    field_types: Mapping[str, str] | None = None,
    *,
    field_names: Mapping[str, str] | None = None,
    time_zone: str = "utc",
    locale: str = "en",
    dialect: Dialect = "airtable",
    switches: Switches = SWITCHES,
    limits: Limits = LIMITS,
) -> Compiled:
    """The formula made ready for many records.

    Raises FormulaSyntaxError, FormulaCheckError and UnknownSetting.
    """
    return _compiled(Question(text, field_types, field_names), (time_zone, locale, switches, limits), dialect)


def check(
    text: str,
    field_types: Mapping[str, str] | None = None,
    *,
    field_names: Mapping[str, str] | None = None,
    dialect: Dialect = "airtable",
    switches: Switches = SWITCHES,
    limits: Limits = LIMITS,
) -> Report:
    """Each problem of a formula, the type of its result and the fields that it reads.

    Without `field_types` any field is taken to exist. Raises FormulaSyntaxError.
    """
    return checked(Question(text, field_types, field_names), switches, limits, dialect).report


def comparisons(
    text: str,
    field_types: Mapping[str, str] | None = None,
    *,
    field_names: Mapping[str, str] | None = None,
    dialect: Dialect = "airtable",
    switches: Switches = SWITCHES,
    limits: Limits = LIMITS,
) -> list[Comparison]:
    """What a filter compares its fields with, where that decides which records pass.

    Takes what `check` takes. Raises FormulaSyntaxError.
    """
    found = checked(Question(text, field_types, field_names), switches, limits, dialect)
    with stack_for(text, limits):
        return compared(found, text)


def explain(  # noqa: PLR0913 - as evaluate
    text: str,
    fields: Mapping[str, Any] = NO_RECORD,
    *,
    field_types: Mapping[str, str] | None = None,
    field_names: Mapping[str, str] | None = None,
    record: Mapping[str, Any] | None = None,
    now: datetime | None = None,
    time_zone: str = "utc",
    locale: str = "en",
    dialect: Dialect = "airtable",
    switches: Switches = SWITCHES,
    limits: Limits = LIMITS,
) -> tuple[Step, ...]:
    """Every part of a formula with its value for one record, each before its parts; the first is the whole.

    Takes what `evaluate` takes, and raises what it raises.
    """
    question = Question(text, field_types, field_names, tuple(fields))
    batch = replace(
        _batch(time_zone, locale, switches, limits),
        now=_as_utc(datetime.now(UTC) if now is None else now),
        field_ids=question.field_ids(),
    )
    ready = runnable(question, switches, limits, dialect)
    with stack_for(text, limits):
        return explained(ready, question.cell_types(), Row(fields, record or NO_RECORD, batch), text)


def parse(text: str, *, switches: Switches = SWITCHES, limits: Limits = LIMITS) -> Node:
    """The tree of a formula. Raises FormulaSyntaxError, which knows the line, the column and a caret."""
    return parsed(text, switches, limits)


def _pairs(mapping: Mapping[str, str] | None) -> _Pairs:
    return None if mapping is None else tuple(mapping.items())


def _recalled(
    text: str, types: _Pairs, ids: _Pairs, present: tuple[str, ...], settings: _Settings, dialect: str
) -> Compiled:
    """The compiled formula, made once for so many records that come one by one."""
    make = _remembered if len(text) <= REMEMBERED_CHARACTERS else _remembered.__wrapped__
    return make(text, types, ids, present, settings, dialect)


@lru_cache(maxsize=256)
def _remembered(
    text: str, types: _Pairs, ids: _Pairs, present: tuple[str, ...], settings: _Settings, dialect: str
) -> Compiled:
    question = Question(
        text, None if types is None else dict(types), None if ids is None else dict(ids), present
    )
    return _compiled(question, settings, dialect)


def _compiled(question: Question, settings: _Settings, dialect: str) -> Compiled:
    batch = _batch(*settings)
    ready = runnable(question, batch.switches, batch.limits, dialect)
    with stack_for(question.text, batch.limits):
        run = build(ready, question.cell_types(), batch)
    batches = Batches(ready, question.cell_types(), batch, partial(_value, run))
    named = replace(batch, field_ids=question.field_ids())
    return Compiled(question.text, ready.report, run, named, batches, _is_timeless(ready.tree))


def _is_timeless(tree: Node) -> bool:
    """Whether the value is the same at any time."""
    return not any(isinstance(node, Call) and EVERY_FUNCTION[node.name].reads_now for node in walk(tree))


def _batch(time_zone: str, locale: str, switches: Switches, limits: Limits) -> Batch:
    """The batch of these settings, its time not set. Raises UnknownSetting."""
    try:
        resolve_zone(time_zone)
        resolve_locale(locale)
    except MomentError as error:
        raise UnknownSetting(str(error)) from None
    return Batch(datetime.min.replace(tzinfo=UTC), time_zone, locale, switches, limits)


def _as_utc(now: datetime) -> datetime:
    """An aware time in UTC, to the millisecond as in JavaScript; one without a zone is taken for UTC."""
    aware = now.replace(tzinfo=UTC) if now.tzinfo is None else now.astimezone(UTC)
    return aware.replace(microsecond=aware.microsecond // 1000 * 1000)


def holds(value: Value) -> bool:
    """Whether filterByFormula keeps a record for which its formula has this value."""
    return not isinstance(value, ErrorValue) and truth_of(value)


def _value(run: Closure, row: Row) -> Value:
    """The value of a row by the closures; what fails is an error value."""
    try:
        value: Value = run(row)
        return value
    except FAILURES as error:
        return failure(error)
    except RecursionError:
        return ErrorValue(message="The formula is nested too deeply for the stack that is left.")
