"""The findings for a person, a line each, and for a program; in neither is a secret."""

import json
import re
from collections.abc import Iterable, Sequence

from pyairtable_app.doctor.finding import Finding
from pyairtable_app.doctor.patient import Patient

_NAMES_OF_SECRETS = ("KEY", "TOKEN", "SECRET", "PASSWORD", "DATABASE_URL", "REDIS_URL", "KEYS")
_PASSWORD = re.compile(r"://[^/\s:@]*:([^/\s@]+)@")
"""What stands between the name and the host of an address."""
_SHORTEST = 6


def as_text(findings: Sequence[Finding], patient: Patient) -> str:
    """A line a finding: its status, the check, what was found, how to mend it."""
    width = max(len(finding.check) for finding in findings)
    lines = [
        f"{one.status:<8} {one.check:<{width}}  {_one_line(one.found)}"
        + (f" -> {one.remedy}" if one.remedy else "")
        for one in findings
    ]
    return _without(_secrets(patient), "\n".join(lines))


def as_json(findings: Sequence[Finding], patient: Patient) -> str:
    """{"healthy", "findings": [{"check", "status", "found", "remedy"}]}."""
    hidden = _secrets(patient)
    rows = [
        {
            "check": one.check,
            "status": one.status,
            "found": _without(hidden, one.found),
            "remedy": _without(hidden, one.remedy),
        }
        for one in findings
    ]
    healthy = all(one.status != "wrong" for one in findings)
    return json.dumps({"healthy": healthy, "findings": rows}, ensure_ascii=False, indent=2)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _secrets(patient: Patient) -> list[str]:
    """Values that must not be seen, whatever a library wrote into a message; the longest first."""
    given = [value for name, value in patient.env.items() if _is_secret(name)]
    token = patient.settings.airtable.token
    passwords = [found[1] for value in patient.env.values() for found in _PASSWORD.finditer(value)]
    known = [*_parts(given), *passwords, *([token.value] if token else [])]
    return sorted({value for value in known if len(value) >= _SHORTEST}, key=len, reverse=True)


def _is_secret(name: str) -> bool:
    return not name.endswith("_FILE") and any(name.endswith(word) for word in _NAMES_OF_SECRETS)


def _parts(values: Iterable[str]) -> Iterable[str]:
    """The values, and each key of a list of named ones."""
    for value in values:
        yield value.strip()
        yield from (entry.partition(":")[2].strip() for entry in value.split(","))


def _without(secrets: Iterable[str], text: str) -> str:
    for secret in secrets:
        text = text.replace(secret, "***")
    return text


def exit_code(findings: Sequence[Finding]) -> int:
    """0 when nothing is wrong, else 1."""
    return int(any(one.status == "wrong" for one in findings))
