"""Machine code is kept, found again, and the same."""

import ctypes
import subprocess
import sys

import numpy as np
import pytest

from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.junction.state_chain import StateChain
from mtjlab.instruments.simulated.kernels import kernel as loading
from mtjlab.instruments.simulated.kernels.kernel import Kernel, ObjectFile
from mtjlab.instruments.simulated.kernels.kernel_compiler import compiled
from mtjlab.instruments.simulated.macrospin.macrospin import Macrospin


def fill(count, key=0):
    words = np.zeros(count, np.uint64)
    Kernel("random_words", "fill", "u8 u8 u8* i8")(key, 0, words, count)
    return words.tolist()


def test_later_processes_pulse_without_numba_and_scipy():
    pulse, states = Pulse(1.5, 1e-9, 50e-12, 50e-12), [0, 1] * 8
    here = Macrospin(Device()).switch(pulse, states, seed=4).tolist()  # leaves its code behind
    StateChain(seed=1).walk(0, 5, 0.5, 0.5)
    code = (
        "import sys\n"
        "from mtjlab.instruments.simulated.device.device import Device\n"
        "from mtjlab.instruments.simulated.device.pulse import Pulse\n"
        "from mtjlab.instruments.simulated.junction.state_chain import StateChain\n"
        "from mtjlab.instruments.simulated.macrospin.macrospin import Macrospin\n"
        f"print(Macrospin(Device()).switch({pulse!r}, {states}, seed=4).tolist())\n"
        "StateChain(seed=1).walk(0, 5, 0.5, 0.5)\n"
        "print([name for name in ('numba', 'scipy', 'pymeasure', 'pyvisa', 'h5py') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [str(here), "[]"]


def test_code_that_was_kept_gives_the_bits_of_code_just_compiled():
    code, address = compiled(Kernel("random_words", "fill_normals", "u8* f8* i8"))
    assert code is not None
    words = np.array(fill(1000, key=3), np.uint64)
    call, normals = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64), np.empty((2, 2, 1000))
    for function, out in zip((address, loading.linked(code, "fill_normals")), normals, strict=True):
        call(function)(words.ctypes.data, out.ctypes.data, words.size)
    np.testing.assert_array_equal(normals[0], normals[1])
    assert abs(normals[0].mean()) < 4 / np.sqrt(2000)
    assert abs(normals[0].var() - 1) < 4 * np.sqrt(2 / 2000)


def test_half_a_file_is_compiled_again(monkeypatch, tmp_path):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    words = fill(3)
    (file,) = tmp_path.rglob("*.o")
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert fill(3) == words
    assert file.stat().st_size > len(whole) // 2
    assert fill(3) == words


def test_code_goes_where_it_can_be_written(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    folders = blocked / "below", tmp_path / "user"
    ObjectFile("loop", b"stamp", folders).write(b"code")
    assert ObjectFile("loop", b"stamp", folders).read() == b"code"
    assert ObjectFile("loop", b"another stamp", folders).read() is None
    assert [path.suffix for path in (tmp_path / "user").iterdir()] == [".o"]
    ObjectFile("loop", b"stamp", folders[:1]).write(b"code")  # nowhere to be kept: no harm
    assert ObjectFile("loop", b"stamp", folders[:1]).read() is None


def test_arrays_of_another_type_or_with_gaps_are_refused():
    kernel = Kernel("random_words", "fill", "u8 u8 u8* i8")
    for words in (np.zeros(4), np.zeros(8, np.uint64)[::2]):
        with pytest.raises(TypeError, match="takes contiguous uint64"):
            kernel(0, 0, words, 4)
    with pytest.raises(ValueError, match="zip"):
        kernel(0, 0, np.zeros(4, np.uint64))
