"""The documentation says what the code does."""

import importlib.util
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_generated_tables_are_up_to_date():
    """`python scripts/write_docs.py` writes them anew."""
    spec = importlib.util.spec_from_file_location("write_docs", ROOT / "scripts" / "write_docs.py")
    assert spec
    assert spec.loader
    write_docs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(write_docs)

    for name in write_docs.DOCUMENTS:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert write_docs.with_tables(text) == text


def test_every_file_that_the_documentation_names_exists():
    missing = [
        f"{document.name}: {target}"
        for document in ROOT.glob("*.md")
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text(encoding="utf-8"))
        if not (ROOT / target).exists()
    ]

    assert missing == []


def test_every_make_target_that_the_readme_names_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"`make ([a-z-]+)", (ROOT / "README.md").read_text(encoding="utf-8")))

    assert {target for target in named if f"\n{target}:" not in makefile} == set()
