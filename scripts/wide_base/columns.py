"""Healthy columns: what they are called, of which type they are, and what a row holds in them."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

FIRST = (
    "Ada",
    "Bela",
    "Cora",
    "Dana",
    "Emil",
    "Fynn",
    "Gita",
    "Hugo",
    "Ines",
    "Jona",
    "Kira",
    "Lars",
    "Mila",
    "Nils",
    "Olga",
    "Paul",
    "Rosa",
    "Sven",
    "Tara",
    "Udo",
)
LAST = (
    "Abel",
    "Brandt",
    "Costa",
    "Dahl",
    "Ebert",
    "Falk",
    "Gruber",
    "Holm",
    "Ivens",
    "Janssen",
    "Keller",
    "Lund",
    "Moser",
    "Novak",
    "Olsen",
    "Pohl",
    "Roth",
)
CITIES = (
    "Berlin",
    "Lyon",
    "Porto",
    "Turin",
    "Ghent",
    "Malmo",
    "Graz",
    "Brno",
    "Cork",
    "Leeds",
    "Basel",
    "Bergen",
    "Nantes",
    "Bari",
    "Delft",
    "Aarhus",
    "Linz",
)
WORDS = (
    "review",
    "plan",
    "draft",
    "supply",
    "annual",
    "local",
    "next",
    "open",
    "final",
    "early",
    "report",
    "offer",
    "visit",
    "batch",
    "order",
    "route",
)

Cell = Callable[[random.Random, int], Any]


@dataclass
class Kind:
    """A healthy column: what it is called, and what a row holds in it (None: nothing)."""

    name: str
    type: str
    cell: Cell | None = None
    options: dict[str, Any] = field(default_factory=dict)


def pick(*words: str) -> Cell:
    """A cell with one of the words."""
    return lambda dice, _: dice.choice(words)


def person(dice: random.Random, _: int) -> str:
    """A name of two words; many differ."""
    return f"{dice.choice(FIRST)} {dice.choice(LAST)}"


def sentence(dice: random.Random, _: int) -> str | None:
    """Nine words, or nothing in three of ten rows."""
    return " ".join(dice.choices(WORDS, k=9)).capitalize() + "." if dice.random() < 0.7 else None


def day(dice: random.Random, _: int) -> str:
    """A day of 2026."""
    return (date(2026, 1, 1) + timedelta(days=dice.randrange(300))).isoformat()


def amount(low: int, high: int) -> Cell:
    """A whole number between the two."""
    return lambda dice, _: dice.randint(low, high)


def choice(*names: str) -> tuple[Cell, dict[str, Any]]:
    """A cell of each of these choices, and the options that offer them."""
    options = {"choices": [{"name": name} for name in names]}
    return lambda dice, row: names[row] if row < len(names) else dice.choice(names), options


def select(name: str, *names: str) -> Kind:
    """A single select of these choices, all of them used."""
    cell, options = choice(*names)
    return Kind(name, "singleSelect", cell, options)


ISO = {"dateFormat": {"name": "iso"}}
WHOLE = {"precision": 0}
EURO = {"precision": 2, "symbol": "€"}
CHECK = {"icon": "check", "color": "greenBright"}

KINDS: tuple[Kind, ...] = (
    Kind("Reference", "singleLineText", lambda dice, row: f"R{row:03}-{dice.randrange(100, 999)}X"),
    Kind("Contact Person", "singleLineText", person),
    Kind("Home City", "singleLineText", pick(*CITIES)),
    Kind("Short Notes", "multilineText", sentence),
    Kind("Long Description", "multilineText", sentence),
    Kind("Net Amount", "currency", amount(100, 900), EURO),
    Kind("Yearly Budget", "currency", amount(4000, 9000), EURO),
    Kind("Quantity", "number", amount(1, 40), WHOLE),
    Kind("Working Hours", "number", amount(10, 90), WHOLE),
    Kind("Weight", "number", amount(200, 800), WHOLE),
    Kind("Discount", "percent", lambda dice, _: dice.randint(5, 30) / 100, WHOLE),
    Kind("Rating", "rating", amount(1, 5), {"icon": "star", "max": 5, "color": "yellowBright"}),
    Kind("Start Date", "date", day, ISO),
    Kind("Due Date", "date", day, ISO),
    Kind("Closed On", "date", lambda dice, row: day(dice, row) if dice.random() < 0.6 else None, ISO),
    select("Status", "Open", "Running", "Done"),
    select("Priority", "High", "Middle", "Low"),
    select("Sales Region", "North", "South", "East", "West"),
    select("Channel", "Phone", "Shop", "Web"),
    Kind("Active", "checkbox", lambda dice, _: dice.random() < 0.7 or None, CHECK),
    Kind("Approved", "checkbox", lambda dice, _: dice.random() < 0.4 or None, CHECK),
    Kind("Email", "email", lambda dice, row: f"{dice.choice(FIRST).lower()}{row}@example.com"),
    Kind("Website", "url", lambda _, row: f"https://example.com/{row}"),
    Kind("Phone", "phoneNumber", lambda dice, _: f"+49 30 {dice.randrange(1000000, 9999999)}"),
    Kind("Row Number", "autoNumber"),
    Kind("Created At", "createdTime", None, {"result": {"type": "date", "options": ISO}}),
)
