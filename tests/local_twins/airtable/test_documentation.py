"""The guide to the local Airtable tells of every endpoint, scope and fault."""

from pathlib import Path

import pytest

from local_twins.airtable.faults.rule import FAULTS
from local_twins.airtable.web.endpoints import ENDPOINTS
from local_twins.airtable.web.grants import SCOPES

GUIDE = (Path(__file__).parents[3] / "docs/local-airtable.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    [*(f"{method} /v0/{path}" for method, path, *_ in ENDPOINTS), *sorted(SCOPES), *FAULTS],
)
def test_the_guide_names_it(name: str) -> None:
    assert f"`{name}`" in GUIDE
