"""What holds for all tests."""

import pytest


@pytest.fixture(autouse=True, scope="session")
def own_cache(tmp_path_factory):
    """Keep switching tables of tests out of the user's folder, and of his out of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MTJLAB_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True)
def own_state(monkeypatch, tmp_path_factory):
    """Keep locks, queues and device logs of tests out of the user's folder."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("MTJLAB_STATE", str(folder))
    return folder
