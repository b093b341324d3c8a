"""Settings: read once, with a clear word on what cannot be used."""

from pathlib import Path

import pytest

from pyairtable_app.errors import SettingError
from pyairtable_app.settings import VARIABLES, Secret, Settings

ROOT = Path(__file__).parents[2]


def test_an_empty_environment_means_the_embedded_airtable_on_this_machine():
    settings = Settings.from_env({})

    assert settings.airtable.is_embedded
    assert settings.airtable.requests_a_second == 5
    assert settings.airtable.caches_schemas
    assert settings.http.api_key is None
    assert settings.data.folder.is_absolute()


@pytest.mark.parametrize("name", ["AIRTABLE_API_KEY", "AIRTABLE_TOKEN"])
def test_a_token_chooses_the_real_airtable(name):
    settings = Settings.from_env({name: " patSecret "})

    assert not settings.airtable.is_embedded
    assert settings.airtable.token == Secret("patSecret")


@pytest.mark.parametrize("name", ["AIRTABLE_API_KEY", "AIRTABLE_TOKEN", "API_KEY"])
def test_a_secret_may_stand_in_a_file(tmp_path, name):
    file = tmp_path / "secret"
    file.write_text("patFromFile\nsecond line\n")

    settings = Settings.from_env({f"{name}_FILE": str(file)})

    assert Secret("patFromFile") in (settings.airtable.token, settings.http.api_key)


def test_the_keys_of_the_gateway_may_stand_in_a_file(tmp_path):
    file = tmp_path / "keys"
    file.write_text("ada:key1, bob:key2\n")

    settings = Settings.from_env({"GATEWAY_KEYS_FILE": str(file)})

    assert settings.http.gateway_keys == {"ada": Secret("key1"), "bob": Secret("key2")}


@pytest.mark.parametrize("content", [None, "", " \n"])
def test_a_secret_file_that_cannot_serve_is_named(tmp_path, content):
    file = tmp_path / "secret"
    if content is not None:
        file.write_text(content)

    with pytest.raises(SettingError, match=f"AIRTABLE_API_KEY_FILE={file}"):
        Settings.from_env({"AIRTABLE_API_KEY_FILE": str(file)})


@pytest.mark.parametrize(
    "reference", ["${AIRTABLE_API_KEY}", "${env:TOKEN}", "{env:TOKEN}", "${input:my-token}"]
)
def test_a_reference_that_a_client_left_open_is_no_secret(reference):
    with pytest.raises(SettingError, match=r"AIRTABLE_API_KEY is .* did not fill in"):
        Settings.from_env({"AIRTABLE_API_KEY": reference})


def test_a_secret_never_prints():
    settings = Settings.from_env({"AIRTABLE_API_KEY": "patSecret", "API_KEY": "keySecret"})

    shown = f"{settings} {settings!r} {settings.http.api_key} {settings.http.api_key!r}"

    assert "Secret(" not in shown
    assert "patSecret" not in shown
    assert "keySecret" not in shown


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("AIRTABLE_RATE_LIMIT", "fast", "off, or a number above 0"),
        ("AIRTABLE_RATE_LIMIT", "0", "off, or a number above 0"),
        ("AIRTABLE_RATE_LIMIT", "nan", "off, or a number above 0"),
        ("CACHE", "disk", "off, memory, redis"),
        ("CACHE", "redis", "REDIS_URL"),
        ("VALIDATION", "some", "airtable, strict, off"),
        ("JOURNAL", "maybe", "on, off"),
        ("JOURNAL_DAYS", "0", "off, or days from 1"),
        ("JOURNAL_DAYS", "ten", "off, or days from 1"),
        ("JOURNAL_FILE_MB", "6", "0 (none) to 5"),
        ("JOURNAL_FILE_MB", "-1", "0 (none) to 5"),
        ("AIRTABLE_ENDPOINT_URL", "api.airtable.com", "http:// or https://"),
        ("PUBLIC_URL", "airtable.example.com", "http:// or https://"),
    ],
)
def test_a_wrong_value_names_its_variable_and_what_is_allowed(name, value, allowed):
    with pytest.raises(SettingError) as refusal:
        Settings.from_env({name: value})

    assert f"{name}={value!r}" in str(refusal.value)
    assert allowed in str(refusal.value)


def test_a_store_that_is_not_spoken_is_refused_without_its_password():
    with pytest.raises(SettingError, match="DATABASE_URL: the address begins with") as refusal:
        Settings.from_env({"DATABASE_URL": "mysql://root:hunter2@db/app"})

    assert "hunter2" not in str(refusal.value)


def test_services_keep_their_data_in_the_data_folder_unless_told_otherwise(tmp_path):
    own = Settings.from_env({"DATA_DIR": str(tmp_path)})
    told = Settings.from_env({"DATABASE_URL": "postgresql://db/app"})

    assert own.stores.database(own.data.folder) == f"sqlite:///{tmp_path}/services.db"
    assert told.stores.database(told.data.folder) == "postgresql://db/app"


def test_the_rate_limit_is_a_number_or_off():
    assert Settings.from_env({"AIRTABLE_RATE_LIMIT": "off"}).airtable.requests_a_second is None
    assert Settings.from_env({"AIRTABLE_RATE_LIMIT": "2.5"}).airtable.requests_a_second == 2.5


def test_redis_is_an_address_that_never_prints():
    settings = Settings.from_env({"CACHE": "redis", "REDIS_URL": "redis://:topSecret@127.0.0.1:6379/1"})

    assert settings.airtable.cache == "redis"
    assert settings.stores.redis_url == Secret("redis://:topSecret@127.0.0.1:6379/1")
    assert "topSecret" not in repr(settings)


def test_an_address_that_is_none_of_redis_is_refused_without_its_password():
    with pytest.raises(SettingError, match="REDIS_URL: the address begins with redis://") as refusal:
        Settings.from_env({"REDIS_URL": "http://:topSecret@127.0.0.1"})

    assert "topSecret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("cache", "schemas", "records"), [("", True, False), ("off", False, False), ("Memory", True, True)]
)
def test_the_cache_keeps_schemas_or_records_too_or_nothing(cache, schemas, records):
    airtable = Settings.from_env({"CACHE": cache}).airtable

    assert (airtable.caches_schemas, airtable.caches_records) == (schemas, records)


def test_the_example_environment_names_every_variable_and_no_other():
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    named = [line.lstrip("# ").split("=")[0] for line in lines if "=" in line]

    assert named == [variable.name for variable in VARIABLES]


def test_the_example_environment_is_one_that_can_be_used():
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    values = dict(line.lstrip("# ").split("=", 1) for line in lines if "=" in line)

    settings = Settings.from_env(
        {name: value for name, value in values.items() if not name.endswith("_FILE")}
    )

    assert settings.airtable.requests_a_second == 5


def test_a_model_elsewhere_is_read_with_its_price():
    given = {"MODEL_URL": "http://127.0.0.1:11434/v1/", "MODEL": "llama3.2", "MODEL_PRICE": "$0.5 / 1.5"}

    agent = Settings.from_env({**given, "MODEL_API_KEY": "secret", "RUN_TOKENS": "50_000"}).agent

    assert (agent.model_url, agent.model, agent.has_model) == ("http://127.0.0.1:11434/v1", "llama3.2", True)
    assert agent.model_price is not None
    assert (agent.model_price.input, agent.model_price.output) == ("0.5", "1.5")
    assert (agent.run_tokens, repr(agent.model_key)) == (50_000, "***")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"MODEL_URL": "http://localhost/v1"}, "MODEL must name the model"),
        ({"MODEL_URL": "localhost/v1", "MODEL": "m"}, "begins with http"),
        (
            {"MODEL_URL": "http://localhost/v1", "MODEL": "m", "GEMINI_API_KEY": "k"},
            "GEMINI_API_KEY name two",
        ),
        ({"MODEL_PRICE": "1"}, "expected input/output"),
        ({"MODEL_PRICE": "1/-2"}, "expected input/output"),
        ({"RUN_TOKENS": "many"}, "expected a number of tokens"),
        ({"RUN_TOKENS": "0"}, "expected a number of tokens"),
    ],
)
def test_a_wrong_setting_of_the_model_names_its_variable(given, words):
    with pytest.raises(SettingError, match=words):
        Settings.from_env(given)
