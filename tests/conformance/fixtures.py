"""What the conformance suite calls by name: published on the server for the suite alone."""

import asyncio
import base64
import json
from typing import Any

from mcp import MCPError
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.prompts.base import UserMessage
from mcp.types import (
    MISSING_REQUIRED_CLIENT_CAPABILITY,
    AudioContent,
    CallToolResult,
    CreateMessageRequest,
    CreateMessageRequestParams,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    EmbeddedResource,
    ImageContent,
    InputRequiredResult,
    ListRootsRequest,
    SamplingMessage,
    TextContent,
    TextResourceContents,
)
from pydantic import BaseModel, Field

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="
SOUND = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA="
_SIZES: Any = ["small", "large"]
_STATUSES: Any = ["active", "inactive", "pending"]


class Answer(BaseModel):
    """One text."""

    response: str = Field(description="User's response")


class Defaults(BaseModel):
    """A default for each primitive type (SEP-1034)."""

    name: str = Field(default="John Doe", description="User name")
    age: int = Field(default=30, description="User age")
    score: float = Field(default=95.5, description="User score")
    status: str = Field(default="active", json_schema_extra={"enum": _STATUSES})
    verified: bool = Field(default=True, description="Verification status")


def _titled(**titles: str) -> Any:
    return [{"const": name, "title": title} for name, title in titles.items()]


class Enums(BaseModel):
    """Each way to write an enumeration (SEP-1330)."""

    untitledSingle: str = Field(json_schema_extra={"enum": _STATUSES})
    titledSingle: str = Field(json_schema_extra={"oneOf": _titled(low="Low", mid="Mid", high="High")})
    untitledMulti: list[str] = Field(
        json_schema_extra={"items": {"type": "string", "enum": ["read", "write"]}}
    )
    titledMulti: list[str] = Field(json_schema_extra={"items": {"anyOf": _titled(bug="Bug", docs="Docs")}})
    legacyEnum: str = Field(
        json_schema_extra={"enum": _SIZES, "enumNames": [f"{size} size" for size in _SIZES]}
    )


def publish(server: MCPServer[Any]) -> None:
    """Everything that the suite's scenarios for servers call, except what only the low-level server takes."""
    for add in (_contents, _asking, _rounds, _resources, _prompts, _changes):
        add(server)


def _image() -> ImageContent:
    return ImageContent(type="image", data=PIXEL, mime_type="image/png")


def _embedded(uri: str, text: str, kind: str = "text/plain") -> EmbeddedResource:
    return EmbeddedResource(
        type="resource", resource=TextResourceContents(uri=uri, mime_type=kind, text=text)
    )


def _contents(server: MCPServer[Any]) -> None:
    @server.tool()
    def test_simple_text() -> str:
        """A text."""
        return "This is a simple text response for testing."

    @server.tool(structured_output=False)
    def test_image_content() -> list[Any]:
        """An image."""
        return [_image()]

    @server.tool(structured_output=False)
    def test_audio_content() -> list[Any]:
        """A sound."""
        return [AudioContent(type="audio", data=SOUND, mime_type="audio/wav")]

    @server.tool(structured_output=False)
    def test_embedded_resource() -> list[Any]:
        """A resource inside the answer."""
        return [_embedded("test://embedded-resource", "This is an embedded resource content.")]

    @server.tool(structured_output=False)
    def test_multiple_content_types() -> list[Any]:
        """A text, an image and a resource."""
        mixed = _embedded("test://mixed-content-resource", '{"test":"data","value":123}', "application/json")
        return [TextContent(type="text", text="Multiple content types test:"), _image(), mixed]

    @server.tool()
    def test_error_handling() -> str:
        """A refusal."""
        raise ToolError("This tool intentionally returns an error for testing")

    @server.tool()
    async def test_tool_with_logging(ctx: Context[Any, Any]) -> str:
        """Log messages on the way."""
        for text in ("Tool execution started", "Tool processing data", "Tool execution completed"):
            await ctx.info(text)
            await asyncio.sleep(0.05)
        return "logged"

    @server.tool()
    async def test_tool_with_progress(ctx: Context[Any, Any]) -> str:
        """Progress on the way."""
        for step in (0, 50, 100):
            await ctx.report_progress(step, 100, f"Completed step {step} of 100")
            await asyncio.sleep(0.05)
        return "done"


def _asking(server: MCPServer[Any]) -> None:
    @server.tool()
    async def test_sampling(prompt: str, ctx: Context[Any, Any]) -> str:
        """Asks the client's model."""
        asked = [SamplingMessage(role="user", content=TextContent(type="text", text=prompt))]
        result = await ctx.session.create_message(messages=asked, max_tokens=100)
        return f"LLM response: {getattr(result.content, 'text', '')}"

    @server.tool()
    async def test_elicitation(message: str, ctx: Context[Any, Any]) -> str:
        """Asks the person."""
        return await _elicited(ctx, message, Answer)

    @server.tool()
    async def test_elicitation_sep1034_defaults(ctx: Context[Any, Any]) -> str:
        """Asks with defaults."""
        return await _elicited(ctx, "Please review", Defaults)

    @server.tool()
    async def test_elicitation_sep1330_enums(ctx: Context[Any, Any]) -> str:
        """Asks with enumerations."""
        return await _elicited(ctx, "Please choose", Enums)


async def _elicited(ctx: Context[Any, Any], message: str, schema: type[BaseModel]) -> str:
    answer = await ctx.elicit(message, schema)
    given = answer.data.model_dump_json() if answer.action == "accept" else "{}"
    return f"User response: action={answer.action}, content={given}"


def _form(message: str, name: str, kind: str = "string") -> ElicitRequest:
    schema = {"type": "object", "properties": {name: {"type": kind}}, "required": [name]}
    return ElicitRequest(params=ElicitRequestFormParams(message=message, requested_schema=schema))


def _sampling(text: str) -> CreateMessageRequest:
    asked = [SamplingMessage(role="user", content=TextContent(type="text", text=text))]
    return CreateMessageRequest(params=CreateMessageRequestParams(messages=asked, max_tokens=100))


def _complete(text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)])


_FIRST: dict[str, tuple[dict[str, Any], str | None]] = {
    "elicitation": ({"user_name": _form("What is your name?", "name")}, None),
    "sampling": ({"capital_question": _sampling("What is the capital of France?")}, None),
    "list_roots": ({"client_roots": ListRootsRequest()}, None),
    "request_state": ({"confirm": _form("Please confirm", "ok", "boolean")}, "asked"),
    "tampered_state": ({"confirm": _form("Please confirm", "ok", "boolean")}, "asked"),
    "multiple_inputs": (
        {
            "user_name": _form("What is your name?", "name"),
            "greeting": _sampling("Generate a greeting"),
            "client_roots": ListRootsRequest(),
        },
        "asked",
    ),
}


def _rounds(server: MCPServer[Any]) -> None:
    for kind in _FIRST:
        _add_round(server, kind)

    @server.tool(structured_output=False)
    async def test_input_required_result_multi_round(ctx: Context[Any, Any]) -> Any:
        """Asks twice."""
        match ctx.request_state:
            case "second":
                return _complete("both answered")
            case "first":
                asked: dict[str, Any] = {"step2": _form("Step 2: What is your favorite color?", "color")}
                return InputRequiredResult(input_requests=asked, request_state="second")
            case _:
                asked = {"step1": _form("Step 1: What is your name?", "name")}
                return InputRequiredResult(input_requests=asked, request_state="first")

    @server.tool(structured_output=False)
    async def test_input_required_result_capabilities(ctx: Context[Any, Any]) -> Any:
        """Asks only for what the client can do."""
        can = ctx.client_capabilities
        asked: dict[str, Any] = {}
        if can and can.elicitation:
            asked["user_name"] = _form("What is your name?", "name")
        if can and can.sampling:
            asked["greeting"] = _sampling("Generate a greeting")
        return (
            InputRequiredResult(input_requests=asked)
            if asked and not ctx.input_responses
            else _complete("ok")
        )

    @server.tool()
    async def test_missing_capability(ctx: Context[Any, Any]) -> str:
        """Needs a client that samples."""
        if ctx.client_capabilities is None or ctx.client_capabilities.sampling is None:
            needed: dict[str, Any] = {"requiredCapabilities": {"sampling": {}}}
            raise MCPError(MISSING_REQUIRED_CLIENT_CAPABILITY, "This needs sampling.", needed)
        return "sampling is there"


def _add_round(server: MCPServer[Any], kind: str) -> None:
    asked, state = _FIRST[kind]

    async def ask(ctx: Context[Any, Any]) -> Any:
        """Asks once."""
        given = ctx.input_responses or {}
        if any(name not in given for name in asked):
            return InputRequiredResult(input_requests=asked, request_state=state)
        return _complete("state-ok: all answered")

    server.add_tool(ask, name=f"test_input_required_result_{kind}", structured_output=False)


def _resources(server: MCPServer[Any]) -> None:
    @server.resource("test://static-text", mime_type="text/plain")
    def static_text() -> str:
        """A text."""
        return "This is the content of the static text resource."

    @server.resource("test://static-binary", mime_type="image/png")
    def static_binary() -> bytes:
        """An image."""
        return base64.b64decode(PIXEL)

    @server.resource("test://template/{id}/data", mime_type="application/json")
    def template(id: str) -> str:
        """A template."""
        return json.dumps({"id": id, "templateTest": True, "data": f"Data for ID: {id}"})

    @server.resource("test://watched-resource", mime_type="text/plain")
    def watched() -> str:
        """A resource to subscribe to."""
        return "Watched resource content"


def _prompts(server: MCPServer[Any]) -> None:
    @server.prompt()
    def test_simple_prompt() -> str:
        """A text."""
        return "This is a simple prompt for testing."

    @server.prompt()
    def test_prompt_with_arguments(arg1: str, arg2: str) -> str:
        """A text with arguments."""
        return f"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'"

    @server.prompt()
    def test_prompt_with_embedded_resource(resourceUri: str) -> list[Any]:
        """A resource."""
        told = _embedded(resourceUri, "Embedded resource content for testing.")
        return [UserMessage(told), UserMessage("Please process the embedded resource above.")]

    @server.prompt()
    def test_prompt_with_image() -> list[Any]:
        """An image."""
        return [UserMessage(_image()), UserMessage("Please analyze the image above.")]

    @server.prompt()
    async def test_input_required_result_prompt(ctx: Context[Any, Any]) -> Any:
        """Asks once."""
        answer = (ctx.input_responses or {}).get("user_context")
        if not isinstance(answer, ElicitResult):
            asked: dict[str, Any] = {"user_context": _form("What context should the prompt use?", "context")}
            return InputRequiredResult(input_requests=asked)
        return f"Context: {(answer.content or {}).get('context', '')}"


def _changes(server: MCPServer[Any]) -> None:
    @server.tool()
    async def test_trigger_tool_change(ctx: Context[Any, Any]) -> str:
        """Says that the list of tools changed."""
        await ctx.notify_tools_changed()
        return "told"

    @server.tool()
    async def test_trigger_prompt_change(ctx: Context[Any, Any]) -> str:
        """Says that the list of prompts changed."""
        await ctx.notify_prompts_changed()
        return "told"
