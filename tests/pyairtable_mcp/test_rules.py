"""Each rule of security in the documentation names tests that there are."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
RULES = (ROOT / "docs" / "authorisation.md").read_text(encoding="utf-8").partition("| rule |")[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def defined_in(path):
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_rule_names_tests_and_every_test_exists():
    rows = [line for line in RULES.splitlines()[2:] if line.startswith("|")]
    named = [NAMED.findall(row) for row in rows]
    known = {path: defined_in(path) for row in named for path, _ in row}

    assert len(rows) > 15
    assert [row for row, tests in zip(rows, named, strict=True) if not tests] == []
    assert [(path, name) for row in named for path, name in row if name not in known[path]] == []
    assert RULES.count("::") == sum(map(len, named))
