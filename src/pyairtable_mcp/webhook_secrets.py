"""The secret that signs a webhook's pings: kept in a folder for the server's owner, never in an answer."""

from pathlib import Path

from mcp.server.mcpserver.exceptions import ToolError


def require_folder(folder: Path | None) -> Path:
    """The folder, made if it is missing. Raises ToolError when there is none to be had."""
    if folder is None:
        raise ToolError(
            "This server has no folder for the secret that signs notifications. Leave notification_url out, "
            "and read what happens with list_webhook_payloads."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ToolError(f"The folder {folder} cannot be made ({error.strerror}); tell the user.") from error
    return folder


def keep(folder: Path, webhook_id: str, secret: str) -> Path:
    """Write the secret, base64 as Airtable tells it, to a new file that only its owner may read."""
    path = folder / f"{webhook_id}.secret"
    path.touch(mode=0o600)
    path.write_text(f"{secret}\n", encoding="ascii")
    return path


def forget(folder: Path | None, webhook_id: str) -> None:
    """Remove the secret of a webhook that has ended."""
    if folder is not None and webhook_id.isalnum():
        (folder / f"{webhook_id}.secret").unlink(missing_ok=True)
