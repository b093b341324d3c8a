"""The clients that are known, each with its own words for the same things.

Sources: the clients' own documentation of MCP servers, as of autumn 2026.
"""

from pyairtable_app.clients.client import (
    Client,
    Place,
    by_bearer,
    by_bridge,
    by_command,
    by_names,
    by_url,
    by_words,
    claude_code_command,
    cursor_link,
    vscode_link,
)

_MEMBERS = (
    Client(
        name="claude-desktop",
        title="Claude Desktop",
        section="mcpServers",
        place=Place(
            darwin="{home}/Library/Application Support/Claude/claude_desktop_config.json",
            linux="{config}/Claude/claude_desktop_config.json",
            win32="{appdata}/Claude/claude_desktop_config.json",
        ),
        remote=by_bridge,
        then="Quit it whole and start it again.",
    ),
    Client(
        name="claude-code",
        title="Claude Code",
        section="mcpServers",
        place=Place(darwin="{home}/.claude.json", linux="{home}/.claude.json", win32="{home}/.claude.json"),
        remote=by_url("url", type="http"),
        reference="${{{name}}}",
        local=by_command(type="stdio"),
        command=claude_code_command,
        then="/mcp in a session shows it.",
    ),
    Client(
        name="cursor",
        title="Cursor",
        section="mcpServers",
        place=Place(
            darwin="{home}/.cursor/mcp.json", linux="{home}/.cursor/mcp.json", win32="{home}/.cursor/mcp.json"
        ),
        remote=by_url("url"),
        reference="${{env:{name}}}",
        link=cursor_link("cursor://anysphere.cursor-deeplink/mcp/install"),
        then="Settings > MCP shows it.",
    ),
    Client(
        name="vscode",
        title="VS Code",
        section="servers",
        place=Place(
            darwin="{home}/Library/Application Support/Code/User/mcp.json",
            linux="{config}/Code/User/mcp.json",
            win32="{appdata}/Code/User/mcp.json",
        ),
        remote=by_url("url", type="http"),
        reference="${{input:{name}}}",
        local=by_command(type="stdio"),
        asks_person=True,
        link=vscode_link,
        then="MCP: List Servers in the command palette shows it.",
    ),
    Client(
        name="windsurf",
        title="Windsurf",
        section="mcpServers",
        place=Place(
            darwin="{home}/.codeium/windsurf/mcp_config.json",
            linux="{home}/.codeium/windsurf/mcp_config.json",
            win32="{home}/.codeium/windsurf/mcp_config.json",
        ),
        remote=by_url("serverUrl"),
        reference="${{env:{name}}}",
        then="Refresh its list of MCP servers.",
    ),
    Client(
        name="zed",
        title="Zed",
        section="context_servers",
        place=Place(
            darwin="{home}/.config/zed/settings.json",
            linux="{config}/zed/settings.json",
            win32="{appdata}/Zed/settings.json",
        ),
        remote=by_url("url"),
        then="It reads its settings by itself.",
    ),
    Client(
        name="codex",
        title="Codex",
        section="mcp_servers",
        place=Place(
            darwin="{home}/.codex/config.toml",
            linux="{home}/.codex/config.toml",
            win32="{home}/.codex/config.toml",
        ),
        remote=by_bearer,
        local=by_names,
        reference="{name}",
        then="codex mcp list names it, /mcp in a session shows its tools.",
    ),
    Client(
        name="gemini-cli",
        title="Gemini CLI",
        section="mcpServers",
        place=Place(
            darwin="{home}/.gemini/settings.json",
            linux="{home}/.gemini/settings.json",
            win32="{home}/.gemini/settings.json",
        ),
        remote=by_url("url", type="http"),
        reference="${{{name}}}",
        then="gemini mcp list shows it; it starts servers in trusted folders alone.",
    ),
    Client(
        name="opencode",
        title="opencode",
        section="mcp",
        place=Place(
            darwin="{home}/.config/opencode/opencode.json",
            linux="{config}/opencode/opencode.json",
            win32="{home}/.config/opencode/opencode.json",
        ),
        remote=by_url("url", type="remote"),
        local=by_words,
        reference="{{env:{name}}}",
        then="opencode mcp list shows it.",
    ),
)

CLIENTS = {client.name: client for client in _MEMBERS}
