"""The cache of compiled functions never stops the work."""

import subprocess
import sys
from pathlib import Path

import pytest

MODULE = "from mtjlab.core.jit_cache import jit\n@jit(nogil=True)\ndef twice(x):\n    return 2 * x\n"
CALL = "import module; print(module.twice(21))"


def _called(folder: Path, cache: Path) -> str:
    import os

    environment = os.environ | {"PYTHONPATH": str(folder), "NUMBA_CACHE_DIR": str(cache)}
    command = [sys.executable, "-c", CALL]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("suffix", ["nbi", "nbc"])
def test_a_damaged_cache_is_compiled_again(tmp_path: Path, suffix: str) -> None:
    (tmp_path / "module.py").write_text(MODULE)
    cache = tmp_path / "cache"
    assert _called(tmp_path, cache) == "42"
    (file,) = cache.rglob(f"*.{suffix}")
    whole = file.read_bytes()
    for spoilt in (b"", whole[: len(whole) // 2], bytes(len(whole)), whole[:200] + b"\xff" * 50 + whole[250:]):
        file.write_bytes(spoilt)
        assert _called(tmp_path, cache) == "42"
    (file,) = cache.rglob(f"*.{suffix}")
    assert len(file.read_bytes()) == len(whole)  # and kept again


def test_without_any_place_for_a_cache_functions_are_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    from numba.core import caching

    from mtjlab.core.jit_cache import jit

    monkeypatch.setattr(caching.CacheImpl, "_locator_classes", [])  # package and home are read-only
    monkeypatch.setattr(caching.CompileResultCacheImpl, "_locator_classes", [], raising=False)
    doubled = jit(nogil=True)(lambda x: 2 * x)
    assert doubled(21) == 42
    assert doubled.stats.cache_path is None
