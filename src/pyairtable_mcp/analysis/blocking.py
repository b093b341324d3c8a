"""Which pairs of records are worth comparing, so that twenty thousand do not take minutes.

Up to `SMALL` entries every pair is compared. Above, the pairs of three kinds of block:

- entries that share a word, or a word but for one letter lost, added, changed or swapped with its neighbour
  (both shortened by one letter in every way meet), among the six rarest words of each field;
- entries that share a value which is no text;
- neighbours among all entries in the order of a field's text, of its words sorted, and of its text reversed.

A block larger than `WIDE` is read in order as well: each entry meets its `NEIGHBOURS` next ones. A pair that
has no word in common but for a letter, in any field, and is not near in any order, is not found.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence

from pyairtable_mcp.analysis.similarity import Entry

SMALL = 1_000
WIDE = 150
NEIGHBOURS = 10
_WORDS_FILED = 6
_SHORTENED = range(4, 25)  # lengths: shorter words meet too many others, longer ones are no words

Block = tuple[int, ...]


def pairs(entries: Sequence[Entry]) -> Iterator[tuple[int, int]]:
    """The pairs of positions to compare, each once, the lower first."""
    everyone = range(len(entries))
    blocks = [tuple(everyone)] if len(entries) <= SMALL else _blocks(entries)
    blocks_of: dict[int, list[Block]] = defaultdict(list)
    for block in blocks:
        for index in block:
            blocks_of[index].append(block)
    for index in everyone:
        partners = {other for block in blocks_of[index] for other in block if other > index}
        yield from ((index, other) for other in sorted(partners))


def _blocks(entries: Sequence[Entry]) -> set[Block]:
    """The blocks with two members or more; equal ones, as those of one word's shortened forms are, once."""
    filed: dict[Hashable, list[int]] = defaultdict(list)
    for index, keys in enumerate(_keys(entries)):
        for key in keys:
            filed[key].append(index)
    blocks = {tuple(members) for members in filed.values() if len(members) > 1}
    wide = {block for block in blocks if len(block) > WIDE}
    everyone = tuple(range(len(entries)))
    return (blocks - wide).union(*(_runs(entries, block) for block in (everyone, *sorted(wide))))


def _keys(entries: Sequence[Entry]) -> Iterator[set[Hashable]]:
    """The keys under which each entry is filed."""
    widths = range(len(entries[0].identities))
    counts = [Counter(word for entry in entries for word in set(entry.texts[i].split())) for i in widths]
    for entry in entries:
        keys: set[Hashable] = set()
        for i in widths:
            words = sorted(set(entry.texts[i].split()), key=lambda word: (counts[i][word], word))
            keys.update((i, form) for word in words[:_WORDS_FILED] for form in _forms(word))
            if not entry.texts[i] and entry.identities[i] is not None:
                keys.add((i, entry.identities[i]))
        yield keys


def _forms(word: str) -> Iterable[str]:
    """The word, and what is left of it without one of its letters."""
    shortened = (word[:i] + word[i + 1 :] for i in range(len(word) if len(word) in _SHORTENED else 0))
    return (word, *shortened)


def _runs(entries: Sequence[Entry], block: Block) -> set[Block]:
    """The block in every order of its texts, each entry with the one before it, up to the tenth."""
    runs: set[Block] = set()
    for i in range(len(entries[0].identities)):
        for text in (
            lambda index, i=i: entries[index].texts[i],
            lambda index, i=i: entries[index].sorted_texts[i],
            lambda index, i=i: entries[index].texts[i][::-1],
        ):
            ordered = sorted(block, key=text)
            runs.update(
                (min(one, other), max(one, other))
                for start, one in enumerate(ordered)
                for other in ordered[start + 1 : start + 1 + NEIGHBOURS]
            )
    return runs
