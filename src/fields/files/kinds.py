"""Whether a file's bytes, its name and what its sender says of it agree."""

from types import MappingProxyType

from fields.cell import Cell
from fields.files.names import extension
from fields.files.signatures import EXECUTABLES, is_binary, sniff
from fields.wording import quoted

# Other names for types; the ones on the right are those of the WHATWG's standard.
_ALIASES = MappingProxyType(
    {
        "image/jpg": "image/jpeg",
        "image/pjpeg": "image/jpeg",
        "image/x-png": "image/png",
        "image/vnd.microsoft.icon": "image/x-icon",
        "image/x-ms-bmp": "image/bmp",
        "audio/wav": "audio/wave",
        "audio/x-wav": "audio/wave",
        "audio/vnd.wave": "audio/wave",
        "audio/mp3": "audio/mpeg",
        "audio/x-aiff": "audio/aiff",
        "audio/x-midi": "audio/midi",
        "video/x-msvideo": "video/avi",
        "video/msvideo": "video/avi",
        "video/vnd.avi": "video/avi",
        "application/gzip": "application/x-gzip",
        "application/x-zip-compressed": "application/zip",
        "application/vnd.rar": "application/x-rar-compressed",
        "application/x-rar": "application/x-rar-compressed",
        "application/x-pdf": "application/pdf",
        "application/xml": "text/xml",
        "application/font-woff": "font/woff",
        "application/x-font-ttf": "font/ttf",
    }
)
# What is packed in a container looks like it from outside: each type's beginning, and its members' names.
_CONTAINERS = MappingProxyType(
    {
        "application/zip": (
            *(
                "application/vnd.openxmlformats-",
                "application/vnd.oasis.opendocument.",
                "application/vnd.apple.",
            ),
            *("application/vnd.ms-", "application/epub+zip", "application/java-archive"),
            "application/vnd.android.package-archive",
        ),
        "application/ogg": ("audio/ogg", "video/ogg", "audio/opus", "audio/vorbis"),
        "video/mp4": (
            "audio/mp4",
            "audio/x-m4a",
            "video/x-m4v",
            "video/quicktime",
            "image/heic",
            "image/avif",
        ),
        "video/webm": ("audio/webm", "video/x-matroska"),
        "text/xml": ("image/svg+xml", "application/xhtml+xml", "application/rss+xml", "application/atom+xml"),
        "text/html": ("application/xhtml+xml",),
        "text/plain": ("text/", "application/json"),
        "text/x-script": ("application/x-sh", "text/"),
    }
)
_BY_EXTENSION = MappingProxyType(
    {
        ending: type
        for type, endings in {
            "image/jpeg": "jpg jpeg jpe jfif",
            "image/png": "png",
            "image/gif": "gif",
            "image/webp": "webp",
            "image/bmp": "bmp",
            "image/x-icon": "ico cur",
            "image/svg+xml": "svg",
            "image/heic": "heic",
            "image/avif": "avif",
            "audio/mpeg": "mp3",
            "audio/wave": "wav",
            "audio/aiff": "aif aiff",
            "audio/midi": "mid midi",
            "application/ogg": "ogg oga ogv opus",
            "video/mp4": "mp4 m4v m4a mov",
            "video/webm": "webm",
            "video/avi": "avi",
            "application/pdf": "pdf",
            "application/postscript": "ps eps",
            "application/zip": "zip docx xlsx pptx odt ods odp epub jar apk",
            "application/x-gzip": "gz tgz",
            "application/x-rar-compressed": "rar",
            "font/woff": "woff",
            "font/woff2": "woff2",
            "font/ttf": "ttf",
            "font/otf": "otf",
            "text/html": "html htm",
            "text/xml": "xml",
            "text/plain": "txt csv tsv md log json",
            "application/x-msdownload": "exe dll scr com",
        }.items()
        for ending in endings.split()
    }
)
_SAYS_NOTHING = frozenset({"", "application/octet-stream", "binary/octet-stream"})
# Types whose files always begin with their signature: without it, the file is something else.
_ALWAYS_SIGNED = frozenset(_BY_EXTENSION.values()) - {"text/plain", "text/html", "text/xml", "image/svg+xml"}


def file_kind(head: bytes, filename: str, declared: str, cell: Cell) -> dict[str, str]:
    """{type} of the file whose first bytes are `head`, if its name and the declared MIME type agree with it.

    A container's declared content (a .docx is a zip) is the type; else it is what the bytes say, or what is
    declared where they say nothing.
    """
    said = _canonical(declared)
    type = _agreed(head, said, cell)
    by_name = _BY_EXTENSION.get(extension(filename), "")
    if by_name and by_name not in _SAYS_NOTHING and not (_fits(type, by_name) or _fits(by_name, type)):
        _check_name(filename, type, by_name, cell)
    return {"type": type}


def _agreed(head: bytes, said: str, cell: Cell) -> str:
    found = sniff(head)
    if found is None:
        return _unsigned(head, said, cell)
    if said in _SAYS_NOTHING and found not in EXECUTABLES:
        return found
    if not _fits(said, found):
        told = quoted(said) if said else "nothing that could be run"
        message = f"{cell.name} is said to be {told}, and its first bytes are those of {quoted(found)}."
        raise cell.refusal("bad_file", message, suggestion=None if found in EXECUTABLES else found)
    return said


def _unsigned(head: bytes, said: str, cell: Cell) -> str:
    """The type of a file whose first bytes tell nothing."""
    is_text = not is_binary(head)
    if said in _SAYS_NOTHING:
        return "text/plain" if is_text else "application/octet-stream"
    if said in _ALWAYS_SIGNED or (said.startswith("text/") and not is_text):
        message = f"{cell.name} is said to be {quoted(said)}, and does not begin as such files do."
        raise cell.refusal("bad_file", message)
    return said


def _check_name(filename: str, type: str, by_name: str, cell: Cell) -> None:
    """Two contents of one container differ by name alone; the name is not looked at more closely."""
    if any(_fits(type, container) and _fits(by_name, container) for container in _CONTAINERS):
        return
    message = f"{cell.name} is named {quoted(filename)} as {by_name} is, and is {quoted(type)}."
    raise cell.refusal("bad_file", message, suggestion=_renamed(filename, type))


def _renamed(filename: str, type: str) -> str | None:
    ending = next((ending for ending, named in _BY_EXTENSION.items() if named == type), None)
    stem = filename.rpartition(".")[0]
    if _BY_EXTENSION.get(extension(stem)) == type:
        return stem
    return f"{stem}.{ending}" if ending and type not in EXECUTABLES else None


def _fits(said: str, found: str) -> bool:
    """Whether a file whose bytes say `found` may be called `said`."""
    return said == found or any(said.startswith(member) for member in _CONTAINERS.get(found, ()))


def _canonical(declared: str) -> str:
    bare = declared.partition(";")[0].strip().lower()
    return _ALIASES.get(bare, bare)
