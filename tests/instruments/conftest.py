import sys

import pytest


@pytest.fixture
def wired(monkeypatch):
    """Make what `expected_protocol` wants: an adapter connected to a protocol instead of a VISA resource."""

    def wire(kind, role, wiring):
        def connect(adapter, **_):
            for module in {sys.modules[base.__module__] for base in kind.__mro__}:
                if hasattr(module, "open_visa"):
                    monkeypatch.setattr(module, "open_visa", lambda role: adapter)
            return kind(role, wiring)

        return connect

    return wire
