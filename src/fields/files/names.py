"""Names of files, made safe to store and to show."""

import re
import unicodedata

LONGEST_NAME = 255  # bytes of UTF-8: what most file systems hold
# Windows opens a device for these, whatever the extension (docs: "Naming Files, Paths, and Namespaces").
_DEVICES = re.compile(r"(?i)(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\.|$)")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_NAMELESS = "file"
_LONGEST_EXTENSION = 20  # bytes; a dot further from the end is part of the name


def clean_filename(name: str) -> str:
    """The name without a path, control and direction marks, and what a file system would refuse.

    Keeps the extension when it shortens. Cleaning a clean name changes nothing; an empty one is "file".
    """
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(sign for sign in unicodedata.normalize("NFC", last) if _is_visible(sign))
    bare = _trimmed(_FORBIDDEN.sub("_", " ".join(shown.split())))
    return _shortened(f"_{bare}" if _DEVICES.match(bare) else bare) or _NAMELESS


def extension(name: str) -> str:
    """What follows the last dot, in lower case, "" when there is none."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem else ""


def _is_visible(sign: str) -> bool:
    """Controls, and marks of format such as U+202E, which shows gpj.exe as exe.jpg, are not."""
    return sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co")


def _trimmed(name: str) -> str:
    # Windows drops dots and spaces at the end; at the start they hide a file or mean a folder.
    return name.strip(" .")


def _shortened(name: str) -> str:
    if len(name.encode("utf-8")) <= LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    tail = f".{ending}" if dot and len(ending.encode("utf-8")) <= _LONGEST_EXTENSION else ""
    kept = (stem if tail else name).encode("utf-8")[: LONGEST_NAME - len(tail.encode("utf-8"))]
    return _trimmed(kept.decode("utf-8", "ignore")) + tail
