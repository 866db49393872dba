"""The cache of compiled functions never stops the work."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SPOILT = (
    lambda whole: b"",
    lambda whole: whole[: len(whole) // 2],
    lambda whole: bytes(len(whole)),
    lambda whole: whole[:200] + b"\xff" * 50 + whole[250:],
)
"""What becomes of a file."""
SUFFIXES = ("nbi", "nbc")
MODULE = "from mtjlab.core.jit_cache import jit\n" + "".join(
    f"@jit(nogil=True)\ndef times{number}_(x):\n    return {number} * x\n" for number in range(len(SPOILT) * 2)
)
"""A function for each way to spoil each of its two files: one process meets them all."""
CALL = f"import module; print([getattr(module, f'times{{n}}_')(21) for n in range({len(SPOILT) * 2})])"
ANSWERS = str([number * 21 for number in range(len(SPOILT) * 2)])


def _called(folder: Path, cache: Path) -> str:
    environment = os.environ | {"PYTHONPATH": str(folder), "NUMBA_CACHE_DIR": str(cache)}
    command = [sys.executable, "-c", CALL]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


def test_a_damaged_cache_is_compiled_again(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text(MODULE)
    cache = tmp_path / "cache"
    assert _called(tmp_path, cache) == ANSWERS
    lengths = {}
    for place, suffix in enumerate(SUFFIXES):
        for number, spoil in enumerate(SPOILT):
            (file,) = cache.rglob(f"module.times{place * len(SPOILT) + number}_-*.{suffix}")
            whole = file.read_bytes()
            lengths[file] = len(whole)
            file.write_bytes(spoil(whole))
            assert file.read_bytes() != whole
    assert _called(tmp_path, cache) == ANSWERS
    assert {file: len(file.read_bytes()) for file in lengths} == lengths  # and kept again


def test_without_any_place_for_a_cache_functions_are_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    from numba.core import caching

    from mtjlab.core.jit_cache import jit

    monkeypatch.setattr(caching.CacheImpl, "_locator_classes", [])  # package and home are read-only
    monkeypatch.setattr(caching.CompileResultCacheImpl, "_locator_classes", [], raising=False)
    doubled = jit(nogil=True)(lambda x: 2 * x)
    assert doubled(21) == 42
    assert doubled.stats.cache_path is None
