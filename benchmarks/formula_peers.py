"""Two other engines on the same formulas and rows, fetched into a scratch folder when the benchmark runs."""

import importlib
import importlib.util
import json
import shutil
import subprocess
import sys
import types
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

MYAIRTABLE = "myairtable==0.3.4"
HYPERFORMULA = "hyperformula@3.5.0"
_SCRIPT = Path(__file__).with_name("hyperformula.cjs")


class LeftOut(Exception):
    """A peer cannot run here; the message says why."""


class Record:
    """A row as myairtable reads it: an object with an attribute for each field."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self.__dict__.update(fields)


def transpiler(scratch: Path) -> Callable[[str, Sequence[str]], Callable[[Record], Any]]:
    """Gives, for a formula and the names of its fields, myairtable's function. Raises LeftOut."""
    package = _unpacked_wheel(scratch) / "myairtable"
    runtime = _module("myairtable_runtime", package / "static" / "python" / "airtable_runtime.py")
    # The package itself needs a newer Python than we do; these two parts of it do not.
    parts = types.ModuleType("myairtable_formulas")
    parts.__path__ = [str(package / "formulas")]
    sys.modules[parts.__name__] = parts
    transpile = importlib.import_module("myairtable_formulas.formula_transpiler").transpile_formula

    def transpiled(text: str, names: Sequence[str]) -> Callable[[Record], Any]:
        code = transpile(text, "python", {name: name for name in names}, set())
        function: Callable[[Record], Any] = eval(f"lambda self: {code}", {"F": runtime.AirtableRuntime})
        return function

    return transpiled


def hyperformula(questions: Sequence[Mapping[str, Any]], scratch: Path) -> list[dict[str, Any]]:
    """Seconds and first value for each {formula, columns}; # in a formula is the row. Raises LeftOut."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise LeftOut("there is no Node on the PATH")
    _run([npm, "install", "--prefix", str(scratch), "--no-audit", "--no-fund", "--silent", HYPERFORMULA])
    answer = _run([node, str(_SCRIPT), str(scratch)], json.dumps(questions))
    results: list[dict[str, Any]] = json.loads(answer)
    return results


def _unpacked_wheel(scratch: Path) -> Path:
    options = ["--quiet", "--ignore-requires-python", "--no-deps", "--dest", str(scratch)]
    _run([sys.executable, "-m", "pip", "--disable-pip-version-check", "download", *options, MYAIRTABLE])
    (wheel,) = scratch.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(scratch / "unpacked")
    return scratch / "unpacked"


def _module(name: str, file: Path) -> Any:
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _run(command: Sequence[str], given: str = "") -> str:
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LeftOut(
            f"{Path(command[0]).name} failed: {(done.stderr.strip().splitlines() or ['?'])[-1][:120]}"
        )
    return done.stdout
