"""What an ASGI scope tells of a request: its path, its headers, and where it came to."""

from urllib.parse import unquote

from starlette.types import Scope

Path = tuple[str, ...]

_API = "/v0/"


def is_of_the_api(scope: Scope) -> bool:
    """Whether the request is one to the Web API, also where the application is mounted under a path."""
    if scope["type"] != "http":
        return False
    path: str = scope["path"]
    if root := scope.get("root_path", ""):
        path = path.removeprefix(root)
    return path.startswith(_API) or path == _API[:-1]


def method(scope: Scope) -> str:
    """The method; HEAD asks as GET does, and the server keeps the body back."""
    asked: str = scope["method"]
    return "GET" if asked == "HEAD" else asked


def header(scope: Scope, name: bytes) -> str:
    """A header's value, "" when it was not sent."""
    for key, value in scope["headers"]:
        if key == name:
            return str(value, "latin-1")
    return ""


def origin(scope: Scope) -> str:
    """Where the request came to: http://127.0.0.1:49152, with the path of a mounted application."""
    host, port = scope["server"] or ("127.0.0.1", None)
    asked = header(scope, b"host") or (f"{host}:{port}" if port else host)
    return f"{scope['scheme']}://{asked}{scope.get('root_path', '')}"


def parts(scope: Scope) -> Path:
    """The parts of the path behind /v0, decoded one by one: a table's name may hold a slash."""
    raw: bytes = scope["raw_path"]
    behind = raw.decode("ascii").removeprefix(scope.get("root_path", "")).split(_API, 1)[-1]
    named = behind.removesuffix("/").split("/")
    return tuple(map(unquote, named) if "%" in behind else named)
