"""What is built into a formula is exactly what was meant: read back by the formula engine, piece by piece."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any
from unicodedata import normalize

from hypothesis import example, given
from hypothesis import strategies as st

import formula
from airtable_gateway import BaseSchema, FieldSchema, TableSchema
from pyairtable_mcp.reading.quoting import field_reference, text_literal
from pyairtable_mcp.reading.searching import search
from pyairtable_mcp.reading.windows import by_ids

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40) | st.text(
    st.sampled_from("\"'\\{}()&,\n\r\t/* x\u2028\u00a0"), min_size=1, max_size=30
)
HOSTILE = '"),TRUE(),FIND("'


def pieces(tree: Any) -> Iterator[Any]:
    """Every node of the tree."""
    yield tree
    for part in fields(tree):
        value = getattr(tree, part.name)
        for inner in value if isinstance(value, tuple) else (value,):
            if is_dataclass(inner):
                yield from pieces(inner)


def calls(tree: Any) -> list[str]:
    return [node.name for node in pieces(tree) if type(node).__name__ == "Call"]


def literals(tree: Any) -> list[Any]:
    return [node.value for node in pieces(tree) if type(node).__name__ == "Literal"]


@given(TEXTS)
@example(HOSTILE)
@example("\\")
@example('\\"')
@example("{Name}")
def test_a_text_in_a_formula_is_that_text_and_nothing_else(text):
    tree = formula.parse(text_literal(text))

    assert literals(tree) == [text]
    assert len(list(pieces(tree))) == 1
    assert formula.evaluate(text_literal(text), {}) == text


@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=4, unique=True))
@example(HOSTILE, ["}{", "a}&{b", '"', "\\"])
@example('\u00e9"', ["a", "b"])
def test_a_search_asks_for_its_text_in_its_fields_whatever_they_are_called(text, names):
    known = tuple(FieldSchema(f"fldText{n:010}", name, "singleLineText") for n, name in enumerate(names))
    table = TableSchema("tblT0000000000001", "T", known[0].id, known)
    schema = BaseSchema("appB0000000000001", "B", (table,))

    asked = search(Any, schema, table, text, known).query.filter_by_formula  # type: ignore[arg-type]
    tree = formula.parse(asked)

    small = text.lower()
    forms = list(dict.fromkeys([small, normalize("NFC", small), normalize("NFD", small)]))
    either = ["OR"] if len(forms) > 1 else []
    assert calls(tree) == ["OR", *[*either, *["FIND", "LOWER"] * len(forms)] * len(names)]
    assert literals(tree) == [piece for form in forms for piece in (form, "")] * len(names)
    found = [node.name for node in pieces(tree) if type(node).__name__ == "Field"]
    assert found == [field.id for field in known for _ in forms]
    assert all(field_reference(field.id) in asked for field in known)


@given(st.lists(TEXTS, min_size=1, max_size=4))
@example(["rec'),TRUE(),('"])
def test_a_choice_of_ids_chooses_nothing_else(record_ids):
    tree = formula.parse(by_ids(record_ids))

    assert calls(tree) == ["OR", *["RECORD_ID"] * len(record_ids)]
    assert literals(tree) == record_ids


async def test_a_filter_beside_ids_chooses_among_them_alone(call):
    for escape in ("1)&(1", "TRUE()", '1)&"x"&(1'):
        answer = await call(
            "evaluate_formula", formula="{Hours}", record_ids=["recTask0000000001"], filter_by_formula=escape
        )

        assert [row["id"] for row in answer["results"]] == ["recTask0000000001"]
