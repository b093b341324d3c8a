"""Whether texts are names out of a short list, one or several to a cell."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from fields.name_lists import split_names

_MOST_CHOICES = 50
_LONGEST_NAME = 40  # characters; longer texts are sentences
_FEWEST_TEXTS = 4  # of fewer, nothing repeats enough to tell


def guess_choices(texts: Sequence[str]) -> tuple[str, dict[str, Any]] | None:
    """The select that it is, with its choices, the frequent ones first; None if it is none."""
    if len(texts) < _FEWEST_TEXTS or any("\n" in text for text in texts):
        return None
    if _is_short_list(texts):
        return "singleSelect", _choices(texts)
    names = [name for text in texts for name in split_names(text)]
    has_several = sum("," in text for text in texts) * 4 >= len(texts)
    return ("multipleSelects", _choices(names)) if has_several and _is_short_list(names) else None


def _is_short_list(names: Sequence[str]) -> bool:
    """Whether few names recur: each twice on average, at least."""
    distinct = set(names)
    return len(distinct) <= min(_MOST_CHOICES, len(names) // 2) and max(map(len, distinct)) <= _LONGEST_NAME


def _choices(names: Sequence[str]) -> dict[str, Any]:
    return {"choices": [{"name": name} for name, _ in Counter(names).most_common()]}
