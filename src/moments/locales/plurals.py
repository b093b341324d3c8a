"""How languages count: one minute, two minutes, and the words for "a few seconds"."""

from collections.abc import Callable, Mapping

# `relative(key, count, sign)`: the words for a span; `sign` is 1 in the future, -1 in the past.
Relative = Callable[[str, int, int], str]
Plural = Callable[[int], int]

KEYS = ("s", "m", "mm", "h", "hh", "d", "dd", "M", "MM", "y", "yy")


def spans(text: str, plural: Plural = lambda _: 0) -> Relative:
    """Words for spans from one line: eleven phrases parted by "|" in the order of `KEYS`.

    "%" stands for the count. Forms of a phrase are parted by "/"; `plural` says which one a count takes,
    the last one when there are fewer.
    """
    table = _table(text)

    def relative(key: str, count: int, _sign: int) -> str:
        forms = table[key]
        return forms[min(plural(count), len(forms) - 1)].replace("%", str(count))

    return relative


def _table(text: str) -> Mapping[str, tuple[str, ...]]:
    phrases = [tuple(phrase.split("/")) for phrase in text.split("|")]
    return dict(zip(KEYS, phrases, strict=True))


def finnish(past: str, future: str) -> Relative:
    """Spans in two cases, with the counts below ten in words."""
    tables = (_table(past), _table(future))

    def relative(key: str, count: int, sign: int) -> str:
        word = str(count) if count > 9 else _FINNISH_NUMBERS[sign > 0][count]
        return tables[sign > 0][key][0].replace("%", word)

    return relative


_FINNISH_NUMBERS = (
    ["nolla", "yksi", "kaksi", "kolme", "neljä", "viisi", "kuusi", "seitsemän", "kahdeksan", "yhdeksän"],
    [
        "nolla",
        "yhden",
        "kahden",
        "kolmen",
        "neljän",
        "viiden",
        "kuuden",
        "seitsemän",
        "kahdeksan",
        "yhdeksän",
    ],
)


def east_slavic(count: int) -> int:
    """0 for 1, 21, 101; 1 for 2 to 4, 22 to 24; 2 for the others, 11 to 14 among them."""
    if count % 10 == 1 and count % 100 != 11:
        return 0
    return 1 if 2 <= count % 10 <= 4 and not 12 <= count % 100 <= 14 else 2


def polish(count: int) -> int:
    """0 for 2 to 4, 22 to 24, 102; 1 for the others."""
    return 0 if 2 <= count % 10 <= 4 and count // 10 % 10 != 1 else 1


def czech(count: int) -> int:
    """0 for 2 to 4; 1 for the others."""
    return 0 if 1 < count < 5 else 1


def croatian(count: int) -> int:
    """0 for 1; 1 for 2 to 4; 2 for the others."""
    return 0 if count == 1 else 1 + czech(count)


def slovenian(count: int) -> int:
    """0 for 1; 1 for 2; 2 for 3 and 4; 3 for the others."""
    return min(count, 4) - 1 if count in {1, 2, 3, 4} else 3


def romanian(count: int) -> int:
    """0 up to 19 and 101 to 119; 1 for the others, which take "de"."""
    return 1 if count % 100 >= 20 or (count >= 100 and count % 100 == 0) else 0


def icelandic(count: int) -> int:
    """0 for 1, 21, 31; 1 for the others, 11 among them."""
    return 0 if count % 10 == 1 and count % 100 != 11 else 1


def hebrew(count: int) -> int:
    """0 for two, which has its own word; 2 for 20, 30, 40, where years stand in the singular; 1 else."""
    if count == 2:
        return 0
    return 2 if count % 10 == 0 and count != 10 else 1
