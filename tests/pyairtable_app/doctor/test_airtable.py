"""What the doctor learns from Airtable: the token, its scopes, the bases."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from tests.pyairtable_app.doctor.conftest import READER, TOKEN, told

from local_twins.airtable import TwinServer
from pyairtable_app.doctor import exit_code


async def test_what_is_well_is_told_check_by_check(found, airtable):
    findings = await found({"AIRTABLE_API_KEY": TOKEN, "AIRTABLE_ENDPOINT_URL": airtable})

    assert exit_code(findings) == 0
    assert not [one for one in findings if one.status != "ok" and one.check != "ports"]
    assert list(dict.fromkeys(one.check for one in findings)) == [
        "installation",
        "settings",
        "data folder",
        "journal",
        "stores",
        "ports",
        "door",
        "network",
        "pace",
        "token",
        "scopes",
        "bases",
        "clients",
    ]
    assert "for usrAda00000000000" in told(findings, "token")
    assert "1 can be seen: Shop" in told(findings, "bases")
    assert "data.records:write" in told(findings, "scopes")
    assert "clock is right" in told(findings, "network")


async def test_offline_nobody_is_asked(found):
    findings = await found({"AIRTABLE_API_KEY": TOKEN, "REDIS_URL": "redis://127.0.0.1:1"}, is_offline=True)

    assert exit_code(findings) == 0
    assert {"network", "scopes", "bases", "stores"}.isdisjoint(one.check for one in findings)


async def test_a_token_that_airtable_refuses_is_wrong(found, airtable):
    unknown = TOKEN.replace("pat", "patX", 1)[:17] + TOKEN[17:]
    findings = await found({"AIRTABLE_API_KEY": unknown, "AIRTABLE_ENDPOINT_URL": airtable})

    assert "refuses it (401" in told(findings, "token", "wrong")
    assert exit_code(findings) == 1


@pytest.mark.parametrize(
    ("token", "status", "said"),
    [
        ("keyABCDEFGHIJKLMN", "wrong", "old kind"),
        ("pat...", "wrong", "placeholder"),
        (f'"{TOKEN}"', "wrong", "quotation marks"),
        ("patABCDEFGHIJKLMN", "wrong", "second half"),
        (TOKEN[:-1], "warning", "81 characters"),
        (TOKEN, "ok", "its shape is that of a personal access token"),
    ],
)
async def test_a_tokens_shape_is_judged_without_asking(found, token, status, said):
    findings = await found({"AIRTABLE_API_KEY": token}, is_offline=True)

    assert said in told(findings, "token", status)


async def test_a_reference_that_the_client_left_open_is_no_token(found):
    findings = await found({"AIRTABLE_API_KEY": "${env:AIRTABLE_API_KEY}"}, is_offline=True)

    assert "did not fill in" in told(findings, "settings", "wrong")


async def test_where_a_token_came_from_and_who_else_may_read_it_is_told(found, tmp_path):
    file = tmp_path / "token"
    file.write_text(TOKEN)
    file.chmod(0o644)
    open_to_all = await found({"AIRTABLE_API_KEY_FILE": str(file)}, is_offline=True)
    file.chmod(0o600)
    both = await found({"AIRTABLE_API_KEY_FILE": str(file), "AIRTABLE_API_KEY": TOKEN}, is_offline=True)

    assert "it came from AIRTABLE_API_KEY_FILE" in told(open_to_all, "token", "ok")
    assert f"chmod 600 {file}" in told(open_to_all, "token", "warning")
    assert "AIRTABLE_API_KEY_FILE is set too, and not used" in told(both, "token", "warning")


async def test_no_token_is_well_unless_an_address_wants_one(found, airtable):
    embedded = await found()
    elsewhere = await found({"AIRTABLE_ENDPOINT_URL": airtable}, is_offline=True)

    assert "sample bases" in told(embedded, "token", "ok")
    assert "none is set" in told(elsewhere, "token", "warning")


async def test_a_missing_scope_is_named_with_the_tools_that_it_stops(found, airtable):
    env = {"AIRTABLE_API_KEY": READER, "AIRTABLE_ENDPOINT_URL": airtable}
    findings = await found(env)
    reading = await found({**env, "READ_ONLY": "on"})
    comments = await found({**env, "TOOLSETS": "comments"})

    wrong = told(findings, "scopes", "wrong")
    assert "data.records:write is missing: it stops create_record, update_record" in wrong
    assert "schema.bases:write is missing: it stops create_metadata_table" in wrong
    assert "may only read in all of them" in told(findings, "bases", "warning")
    assert told(reading, "scopes", "wrong") == ""
    assert "data.recordComments:read is missing: it stops list_comments" in told(comments, "scopes", "wrong")


async def scopes_of_a_personal_token(refused: set[str]) -> Starlette:
    """Airtable as it answers a token whose scopes it does not tell."""

    async def answer(request: Request) -> JSONResponse:
        path = request.url.path
        if any(path.endswith(end) for end in refused):
            return JSONResponse({"error": {"type": "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND"}}, 403)
        table = {"id": "tblOrders00000000", "name": "Orders"}
        base = {"id": "appShop0000000000", "name": "Shop", "permissionLevel": "create"}
        bodies = {
            "whoami": {"id": "usrAda00000000000"},
            "bases": {"bases": [base]},
            "tables": {"tables": [table]},
            "tblOrders00000000": {"records": [{"id": "recOrder000000001", "fields": {}}]},
        }
        return JSONResponse(bodies.get(path.rpartition("/")[2], {}))

    return Starlette(routes=[Route("/{path:path}", answer)])


async def test_scopes_that_are_not_told_are_shown_by_reading_once(found):
    with TwinServer(await scopes_of_a_personal_token({"/webhooks", "/comments"})) as url:
        findings = await found({"AIRTABLE_API_KEY": TOKEN, "AIRTABLE_ENDPOINT_URL": url, "TOOLSETS": "all"})

    wrong = told(findings, "scopes", "wrong")
    assert "webhook:manage is missing, or its user may not: it stops list_webhooks" in wrong
    assert "data.recordComments:read is missing" in wrong
    assert "reading works with schema.bases:read, data.records:read" in told(findings, "scopes", "ok")
    assert "the tools need data.records:write, schema.bases:write" in told(findings, "scopes", "ok")


async def test_allow_lists_name_real_bases_and_tables_or_the_nearest_is_told(found, airtable):
    env = {"AIRTABLE_API_KEY": TOKEN, "AIRTABLE_ENDPOINT_URL": airtable}
    right = await found({**env, "ALLOWED_BASES": "shop", "ALLOWED_TABLES": "tblOrders00000000"})
    wrong = await found({**env, "ALLOWED_BASES": "Shop,Shap", "ALLOWED_TABLES": "Order"})

    assert told(right, "bases", "wrong") == ""
    assert "ALLOWED_BASES names 'Shap'" in told(wrong, "bases", "wrong")
    assert "Did you mean 'Shop'?" in told(wrong, "bases", "wrong")
    assert "ALLOWED_TABLES names 'Order', which is in none of these bases -> Did you mean 'Orders'?" in told(
        wrong, "bases", "wrong"
    )
