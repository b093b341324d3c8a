"""The page's data: what it shows, and to whom."""

import pytest
import requests

from local_twins.airtable import OWNER, ListedTokens

PATHS = ("bases", "records?base=appTest0000000000&table=Tasks", "requests")


@pytest.fixture
def records():
    many = [{"id": f"recTask{number:010}", "fields": {"Hours": number}} for number in range(1, 121)]
    ada = {"id": "recAda00000000000", "fields": {"Name": "<b>Ada</b>", "Tasks": ["recTask0000000001"]}}
    return {"Tasks": many, "People": [ada]}


@pytest.fixture
def look(url):
    """Reads a part of the page's data; a header that is None is left out."""

    def read(path: str, **headers: str) -> requests.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.get(f"{url}/_twin/view/{path}", headers=named, timeout=10)

    return read


def test_the_front_door_leads_to_the_page(url):
    page = requests.get(url, timeout=10)

    assert page.url == f"{url}/_twin/"
    assert page.headers["content-type"].startswith("text/html")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_the_page_names_no_address_but_its_own_and_writes_no_markup(url):
    files = {
        name: requests.get(f"{url}/_twin/{name}", timeout=10).text for name in ("", "page.js", "page.css")
    }

    for name, text in files.items():
        assert "://" not in text, name
        for markup in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "style="):
            assert markup not in text, name


def test_bases_are_shown_with_tables_and_counts(look):
    (base,) = look("bases").json()["bases"]

    assert base["name"] == "Work"
    assert [(table["name"], table["count"]) for table in base["tables"]] == [("Tasks", 120), ("People", 1)]


def test_records_are_shown_page_by_page_with_types_and_linked_names(look):
    first = look("records?base=appTest0000000000&table=Tasks").json()
    last = look("records?base=appTest0000000000&table=Tasks&page=3").json()
    beyond = look("records?base=appTest0000000000&table=Tasks&page=9").json()

    assert (first["count"], first["pages"], len(first["records"])) == (120, 3, 50)
    assert [record["id"] for record in last["records"]] == [f"recTask{n:010}" for n in range(101, 121)]
    assert beyond["records"] == []
    types = {field["name"]: (field["type"], field["isComputed"]) for field in first["fields"]}
    assert types["Hours"] == ("number", False)
    assert types["Number"] == ("autoNumber", True)
    assert first["names"] == {"recAda00000000000": "<b>Ada</b>"}


def test_records_are_filtered_and_seen_through_a_view(look):
    filtered = look("records?base=appTest0000000000&table=Tasks&filter={Hours}>118").json()
    viewed = look("records?base=appTest0000000000&table=Tasks&view=viwTaLongest00000&page=2").json()
    wrong = look("records?base=appTest0000000000&table=Tasks&filter={Hourz}>1")

    assert [record["id"] for record in filtered["records"]] == ["recTask0000000119", "recTask0000000120"]
    assert filtered["count"] == 2
    assert viewed["records"][0]["id"] == "recTask0000000070"
    assert wrong.status_code == 422
    assert "hourz" in wrong.json()["error"]["message"]


@pytest.mark.parametrize(
    "path",
    [
        "records",
        "records?base=appNone0000000000&table=Tasks",
        "records?base=appTest0000000000&table=No",
        "records?base=appTest0000000000&table=Tasks&view=No",
        "records?base=appTest0000000000&table=Tasks&page=x",
        "requests?since=-1",
    ],
)
def test_what_is_not_there_is_refused(look, path):
    assert look(path).status_code in (403, 422)


def test_recent_requests_tell_what_was_asked_and_how_it_ended(http, look):
    http.call("GET", "appTest0000000000/Tasks?filterByFormula={Hours}=7&api_key=keySecret")
    http.call("POST", "appTest0000000000/Tasks", json={"fields": {"Nope": "private"}})
    http.call("GET", "appTest0000000000/Tasks%2FNowhere", headers={"User-Agent": "a client"})

    answer = look("requests")
    listed, refused, missing = answer.json()["requests"]

    assert (listed["method"], listed["path"], listed["status"]) == ("GET", "/v0/appTest0000000000/Tasks", 200)
    assert listed["query"] == [["filterByFormula", "{Hours}=7"], ["api_key", "***"]]
    assert (refused["status"], refused["error"]) == (422, "UNKNOWN_FIELD_NAME")
    assert (missing["status"], missing["client"]) == (403, "a client")
    assert all(request["milliseconds"] > 0 for request in (listed, refused, missing))
    for secret in ("keySecret", "patTest", "private"):
        assert secret not in answer.text


def test_only_the_last_five_hundred_requests_are_kept_and_newer_ones_told(http, look):
    for _ in range(505):
        http.call("GET", "meta/whoami")

    kept = look("requests").json()["requests"]
    newer = look("requests?since=503").json()["requests"]

    assert [kept[0]["seq"], kept[-1]["seq"], len(kept)] == [6, 505, 500]
    assert [request["seq"] for request in newer] == [504, 505]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"X_Forwarded_For": "203.0.113.9"},
        {"Forwarded": "for=203.0.113.9"},
    ],
    ids=str,
)
def test_pages_of_other_origins_and_proxied_requests_get_nothing(look, path, headers):
    answer = look(path, **headers)

    assert answer.status_code in (401, 403)
    assert "error" in answer.json()
    assert "access-control-allow-origin" not in answer.headers


def test_this_machine_is_let_in_by_any_of_its_names(url, look):
    port = url.rsplit(":", 1)[1]

    for host in (f"localhost:{port}", f"127.0.0.1:{port}", f"[::1]:{port}"):
        assert look("bases", Host=host).status_code == 200
    assert look("bases", Origin=url, Sec_Fetch_Site="same-origin").status_code == 200


def test_where_a_token_is_asked_nobody_is_let_in_without(store, serve):
    tokens = ListedTokens(
        {
            "patAll": OWNER.id,
            "patFew": {"user": OWNER.id, "scopes": ["data.records:read"]},
            "patOne": {"user": OWNER.id, "bases": {"appTest0000000000": "create"}},
        }
    )
    url = serve(store, tokens=tokens, page="token")

    def status(**headers: str) -> int:
        return requests.get(f"{url}/_twin/view/bases", headers=headers, timeout=10).status_code

    assert status() == 401
    assert status(Authorization="Bearer patNone") == 401
    assert status(Authorization="Bearer patFew") == 403
    assert status(Authorization="Bearer patOne") == 403
    assert status(Authorization="Bearer patAll") == 200
    assert status(Authorization="Bearer patAll", Host="airtable.example") == 200
    assert status(Authorization="Bearer patAll", Origin="http://evil.example") == 403


def test_a_wrong_token_is_refused_even_on_this_machine(store, serve):
    url = serve(store, tokens=ListedTokens({"patAll": OWNER.id}))

    wrong = requests.get(f"{url}/_twin/view/bases", headers={"Authorization": "Bearer no"}, timeout=10)
    none = requests.get(f"{url}/_twin/view/bases", timeout=10)

    assert (wrong.status_code, none.status_code) == (401, 200)
