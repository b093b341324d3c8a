"""Formulas name fields by id when they are kept, so that a renamed field stays theirs."""

import re
from collections.abc import Callable
from dataclasses import replace

from local_twins.airtable.model.schema import Field, Table

_REFERENCE = re.compile(
    r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"    # a text, left alone
      | \{(?P<braced>(?:[^}\\]|\\.)*)\}
      | \b(?P<bare>[^\W\d]\w*)\b(?!\s*\()      # a word, and not a function's name
    """,
    re.VERBOSE | re.DOTALL,
)
_FORMULAS = {"formula": ("formula",), "button": ("label", "url")}
"""The options that hold a formula over the fields of the table; a rollup's is over `values`."""


def with_ids(table: Table, field: Field) -> Field:
    """The field with formulas that name the table's fields as `{fld...}`; unknown names stay as they are."""
    names = [name for name in _FORMULAS.get(field.type, ()) if field.options.get(name)]
    if not names:
        return field
    written = {name: _REFERENCE.sub(_as_id(table), str(field.options[name])) for name in names}
    return replace(field, options={**field.options, **written})


def _as_id(table: Table) -> Callable[[re.Match[str]], str]:
    def write(reference: re.Match[str]) -> str:
        told = reference["braced"] or reference["bare"]
        field = told and (table.field(told) or table.field(re.sub(r"\\(.)", r"\1", told)))
        return f"{{{field.id}}}" if field else reference[0]

    return write
