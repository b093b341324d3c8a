"""pyairtable's formula builders: what they write means the same to the local Airtable."""

import inspect
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import requests
from pyairtable import Api, Table, formulas
from pyairtable.formulas import Field, FunctionCall

_WRITTEN = {name: value for name, value in vars(formulas).items() if not name.startswith("_")} | {
    "date": date
}


def _cases() -> Iterator[tuple[str, list[str]]]:
    for line in Path(__file__).with_name("formulas.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            written, _, names = line.rpartition("|")
            yield written.strip(), names.split()


@pytest.fixture(scope="module")
def things(gallery_to_read) -> Iterator[Table]:
    api = Api("patAny", endpoint_url=gallery_to_read.url, timeout=(5, 30))
    yield api.table(gallery_to_read.base, "Things")
    api.session.close()


@pytest.mark.parametrize(
    ("written", "names"), list(_cases()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_filter_that_pyairtable_writes_finds(things, written, names):
    filter_ = eval(written, dict(_WRITTEN))  # the file beside this one is ours

    found = things.all(formula=filter_, fields=["Name"])

    assert [record["fields"]["Name"] for record in found] == names


def test_every_function_that_pyairtable_builds_is_known(things):
    builders = [
        value
        for name, value in vars(formulas).items()
        if name.isupper() and inspect.isfunction(value) and name not in ("AND", "OR", "XOR", "NOT")
    ]

    unknown = []
    for builder in builders:
        required = [
            parameter
            for parameter in inspect.signature(builder).parameters.values()
            if parameter.default is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD
        ]
        call = builder(*[Field("Name")] * len(required))
        assert isinstance(call, FunctionCall)
        if not _is_accepted(things, call):
            unknown.append(builder.__name__)

    assert len(builders) > 70
    assert unknown == []


def _is_accepted(things: Table, call: FunctionCall) -> bool:
    try:
        things.first(formula=call)
    except requests.HTTPError:
        return False
    return True
