"""The key that seals cursors is made once and kept."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from pyairtable_app.errors import CannotOpenData
from pyairtable_app.seal_key import kept_key


def test_a_folder_has_one_key_that_only_its_owner_may_read(tmp_path):
    first = kept_key(tmp_path / "data")

    assert len(first) == 32
    assert kept_key(tmp_path / "data") == first
    assert kept_key(tmp_path / "other") != first
    assert stat.S_IMODE((tmp_path / "data" / "seal.key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["seal.key"]


def test_who_starts_at_the_same_moment_gets_the_same_key(tmp_path):
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(kept_key, [tmp_path] * 64))

    assert len(keys) == 1


def test_a_file_that_is_no_key_is_named(tmp_path):
    (tmp_path / "seal.key").write_bytes(b"short")

    with pytest.raises(CannotOpenData, match=r"seal\.key is no key"):
        kept_key(tmp_path)
