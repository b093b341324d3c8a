"""What docs/fields.md shows is what comes out."""

import doctest
import re
from pathlib import Path

import fields
from fields.barcodes.symbologies import SYMBOLOGIES

MANUAL = (Path(__file__).parents[2] / "docs" / "fields.md").read_text(encoding="utf-8")


def test_every_example_of_the_manual_answers_as_it_says() -> None:
    blocks = "\n".join(re.findall(r"```python\n(.*?)```", MANUAL, re.DOTALL))
    told: list[str] = []

    run = doctest.DocTestRunner(verbose=False)
    run.run(doctest.DocTestParser().get_doctest(blocks, {}, "docs/fields.md", None, 0), out=told.append)

    assert run.summarize(verbose=False).attempted > 10
    assert told == []


def test_the_manual_names_every_symbology() -> None:
    assert [name for name in SYMBOLOGIES if f"`{name}`" not in MANUAL] == []


def test_the_manual_names_every_strict_option() -> None:
    options = {name for member in fields.FIELD_TYPES.values() for name in member.strict_options}

    assert {name for name in options if f"`{name}`" not in MANUAL} == set()
