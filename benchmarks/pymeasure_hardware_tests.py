"""PyMeasure's own tests for connected hardware, run against the served bench.

    python benchmarks/pymeasure_hardware_tests.py [SDIST] [--suite NAME ...] [--failures] [--timeout S]

PyMeasure's source package holds tests that its authors run with the instrument on the table
(`tests/instruments/**/*_with_device.py`, option `--device-address`). Nobody here wrote them, so that they tell where a
simulated instrument and its driver share one wrong picture. SDIST is that package, `pymeasure-0.16.0.tar.gz`, or the
folder it was unpacked into; without it, pip fetches it from the package index.

Each suite gets a bench of its own by `mtjlab bench serve`, the raw socket of the instrument as its address, and a
newline as the end of lines. Printed is a row for each suite: passed, failed, share; the exit code is 1 where a share is
below 97 %. `--failures` prints each failed test with its last line; what follows `--` is handed to pytest, such as
`-- -k output` or `-- -x`.
"""

import argparse
import contextlib
import dataclasses
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

PACKAGE = "pymeasure==0.16.0"
BENCH = """\
name = "{driver}"
[roles]
{roles}
[wiring]
load = 1e6
[limits]
pulse_amplitude = 1.8
pulse_width = 1e-6
pulse_energy = 2e-12
read_bias = 0.2
compliance = 1e-4
[device]
name = "reference"
resistance = 50.9e3
[simulation]
seed = 1
"""
PLUGIN = """\
from pymeasure.adapters import VISAAdapter

open_adapter, read_bytes = VISAAdapter.__init__, VISAAdapter.read_bytes
SILENCE = 50  # milliseconds without a byte that end an answer of bytes


def open_with_newlines(self, resource_name, *arguments, **options):
    # A raw socket has no end of its own, as the lines of GPIB, USB and VXI-11 have.
    options.update(read_termination="\\n", write_termination="\\n", timeout={timeout}, visa_library="@py")
    open_adapter(self, resource_name, *arguments, **options)
    self.connection.visalib.sessions[self.connection.session].interface.setsockopt(6, 1, 1)  # TCP_NODELAY


def read_to_the_end(self, count=-1, break_on_termchar=False, **options):
    # There, an answer ends with its message; here a newline may be a byte of a block, and another may follow it.
    answer = read_bytes(self, count, break_on_termchar, **options)
    if not break_on_termchar:
        return answer
    patience, self.connection.timeout = self.connection.timeout, SILENCE
    rest = read_bytes(self, -1)
    self.connection.timeout = patience
    return answer + rest


VISAAdapter.__init__ = open_with_newlines
VISAAdapter.read_bytes = read_to_the_end
"""


@dataclasses.dataclass(frozen=True)
class Suite:
    """Tests of one instrument."""

    test: str
    """File, below tests/instruments."""
    role: str
    """Role that the instrument plays on the bench."""
    driver: str
    """Its name in a bench file."""
    keys: str = ""
    """More of its section: the probe of an oscilloscope's channel 1 is to hang at the CAL terminal."""


CAL = ", channel = 2"
SUITES = {
    suite.driver: suite
    for suite in (
        Suite("keithley/test_keithley2400_with_device.py", "source_meter", "keithley2400"),
        Suite("keithley/test_keithley2400_with_device.py", "source_meter", "keithley2450"),
        Suite("keysight/test_keysight81160A_with_device.py", "pulse_generator", "keysight81160a"),
        Suite("agilent/test_agilent33500_with_device.py", "pulse_generator", "agilent33500"),
        Suite("siglenttechnologies/test_siglent_sds1000xhd_with_device.py", "oscilloscope", "siglentsds1000xhd", CAL),
    )
}
BESIDE = {"oscilloscope": "pulse_generator"}
"""Role that another one needs on its bench."""


@contextlib.contextmanager
def source(given: str | None) -> Iterator[Path]:
    """Give the folder of PyMeasure's source package."""
    if given and Path(given).is_dir():
        yield Path(given).resolve()
        return
    with tempfile.TemporaryDirectory() as folder:
        if given is None:
            command = ["pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "--dest", folder, PACKAGE]
            subprocess.run([sys.executable, "-m", *command], check=True)
        (archive,) = [given] if given else map(str, Path(folder).glob("*.tar.gz"))
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
        yield next(found.parents[1] for found in Path(folder).glob("*/tests/conftest.py"))


@contextlib.contextmanager
def served(suite: Suite, folder: Path) -> Iterator[str]:
    """Serve a bench with the instrument of a suite; give its resource."""
    lines = f'{suite.role} = {{ driver = "{suite.driver}"{suite.keys} }}'
    if suite.role in BESIDE:
        lines += f'\n{BESIDE[suite.role]} = {{ driver = "keysight81160a" }}'
    bench = folder / f"{suite.driver}.toml"
    bench.write_text(BENCH.format(driver=suite.driver, roles=lines), encoding="utf-8")
    command = [sys.executable, "-m", "mtjlab.cli.main", "bench", "serve", "--bench", str(bench), "--json", "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["resources"][suite.role]
        finally:
            process.terminate()


def prepared(suite: Suite, package: Path, folder: Path, resource: str) -> Path:
    """Copy the tests of a suite with their conftest; the one that names its author's instrument gets this one."""
    for name in ("conftest.py", f"instruments/{suite.test}"):
        text = (package / "tests" / name).read_text(encoding="utf-8")
        text = text.replace("pytest.skip('Only works with connected hardware', allow_module_level=True)", "")
        text = text.replace("TCPIP::192.168.225.208::inst0::INSTR", resource)
        (folder / Path(name).name).write_text(text, encoding="utf-8")
    return folder / Path(suite.test).name


def run(suite: Suite, package: Path, timeout: float, options: list[str]) -> list[tuple[str, str]]:
    """Run a suite; give each test's name with its last line of failure, empty where it passed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with served(suite, folder) as resource:
            tests = prepared(suite, package, folder, resource)
            (folder / "newlines.py").write_text(PLUGIN.format(timeout=int(1000 * timeout)), encoding="utf-8")
            command = [sys.executable, "-m", "pytest", str(tests), "-p", "newlines", "--device-address", resource]
            command += ["-c", os.devnull, "--rootdir", name, "--junitxml", str(folder / "report.xml"), "-q", *options]
            environment = {**os.environ, "PYTHONPATH": name}
            subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=False)
        results = []
        for case in ET.parse(folder / "report.xml").iter("testcase"):
            problem = next((child for child in case if child.tag in ("failure", "error", "skipped")), None)
            if problem is not None and problem.tag == "skipped":
                continue
            why = "" if problem is None else (problem.get("message") or "failed").splitlines()[0]
            results.append((case.get("name") or "", why))
        return results


def main() -> int:
    """Run the suites that are asked for and print a table."""
    options = sys.argv[1:]
    split = options.index("--") if "--" in options else len(options)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sdist", nargs="?", help="PyMeasure's source package, or its folder")
    parser.add_argument("--suite", action="append", choices=SUITES, help="instrument to test; all unless given")
    parser.add_argument("--failures", action="store_true", help="print each failed test")
    parser.add_argument("--timeout", type=float, default=0.7, help="longest wait for an answer [s]")
    given = parser.parse_args(options[:split])
    short = False
    with source(given.sdist) as package:
        print(f"{'instrument':20}{'passed':>8}{'failed':>8}{'share':>9}")
        for name in given.suite or SUITES:
            results = run(SUITES[name], package, given.timeout, options[split + 1 :])
            failed = [(test, why) for test, why in results if why]
            share = 1 - len(failed) / len(results) if results else 0.0
            print(f"{name:20}{len(results) - len(failed):8}{len(failed):8}{share:9.1%}", flush=True)
            short = short or share < 0.97
            if given.failures:
                for test, why in failed:
                    print(f"    {test}: {why[:160]}")
    return int(short)


if __name__ == "__main__":
    sys.exit(main())
