"""A command is one module and one entry point, of mtjlab or of another package."""

import importlib
import json
import subprocess
import sys

import numpy as np

from mtjlab.cli.main import COMMANDS

HELLO = '''\
"""`mtjlab hello`: say hello."""

HELP = "say hello, 100 %"


def add_arguments(parser):
    parser.add_argument("name")


def run(arguments):
    print("hello", arguments.name)
    return 3
'''


def test_a_command_of_another_package_is_listed_and_runs(command, installed):
    installed("hellos", "[mtjlab.commands]\nhello = reg_hello\n", reg_hello=HELLO)
    assert "hello     say hello, 100 %" in command("--help").stdout
    assert "reg_hello" not in sys.modules  # the line was read, not imported
    assert "hello, 100 %" in command("hello", "--help").stdout
    done = command("hello", "Ada")
    assert (done.returncode, done.stdout) == (3, "hello Ada\n")


def test_a_broken_command_hides_no_other_one(command, installed):
    installed("wreck", "[mtjlab.commands]\nwreck = reg_wreck\n", reg_wreck="import no_such_module")
    listed = command("--help").stdout
    assert "wreck     (cannot be loaded: ModuleNotFoundError: No module named" in listed
    assert "info      describe a recording" in listed
    assert command("procedures", "retention").returncode == 0
    done = command("wreck")
    assert done.returncode == 2
    assert done.stderr.startswith("mtjlab: command 'wreck' of wreck-1.0 cannot be loaded (ModuleNotFoundError")


def test_the_line_of_each_command_is_the_one_of_its_module(command):
    listed = " ".join(command("--help").stdout.split())
    for name, entry in COMMANDS.entries().items():
        assert f"{name} {importlib.import_module(entry.module).HELP}" in listed


def test_the_help_of_all_imports_no_command():
    script = """
import sys
from mtjlab.cli.main import main
try:
    main(["--help"])
except SystemExit:
    pass
known = [name for name in sys.modules if name.startswith("mtjlab.cli.")]
print(sorted(known), "numpy" in sys.modules, "importlib.metadata" in sys.modules)
"""
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    own = ["mtjlab.cli.common_arguments", "mtjlab.cli.main", "mtjlab.cli.streams"]
    assert said.splitlines()[-1] == f"{own} False False"


COUNT = """\
from mtjlab.analysis.randomness import RandomnessTest, TestResult

TEST = RandomnessTest(
    name="zeros", run=lambda tested: TestResult(name="zeros", p_value=0.5, found=f"{(tested.bits == 0).sum()} zeros")
)
"""


def test_a_randomness_test_of_another_package_is_in_the_table_and_in_the_json(command, installed, tmp_path):
    installed("zeros", "[mtjlab.randomness_tests]\nzeros = reg_zeros:TEST\n", reg_zeros=COUNT)
    (tmp_path / "bits.txt").write_text("01" * 1000)
    done = command("randomness", tmp_path / "bits.txt", "--format", "ascii", "--json", "-")
    assert "1000 zeros" in done.stderr
    told = json.loads(done.stdout)
    assert told["tests"] == {
        "frequency": True,
        "runs": False,
        "alternation": False,
        "longest run": True,
        "autocorrelation": False,
        "drift": True,
        "strongest line": True,
        "zeros": True,
    }
    assert [each["name"] for each in told["results"]][7:] == ["zeros", "P(1)", "min-entropy"]


LAST_BIT = """\
from mtjlab.analysis.randomness import Outcome, SuiteTest


def last_bit(sequence, mode):
    return Outcome(test="last_bit", p_values=(1e-7,), statistics={"ones": sequence.ones, "mode": str(mode)})


TEST = SuiteTest(name="last_bit", run=last_bit, least_bits=2000)
"""


def test_an_sp800_22_test_of_another_package_runs_with_the_suite(command, installed, tmp_path):
    installed("last", "[mtjlab.sp800_22_tests]\nlast_bit = reg_last_bit:TEST\n", reg_last_bit=LAST_BIT)
    (tmp_path / "bits.bin").write_bytes(np.random.default_rng(3).bytes(1000))
    words = ("randomness", tmp_path / "bits.bin", "--format", "packed", "--suite", "sp800-22", "--json", "-")
    done = command(*words, "--tests", "runs,last_bit")
    assert done.returncode == 1, done.stderr
    assert [each["test"] for each in json.loads(done.stdout)["sequences"][0]["tests"]] == ["runs", "last_bit"]
    assert "installed: approximate_entropy, " in command(*words, "--tests", "x").stderr


GREY = '''\
import numpy as np


class HalfAndHalf:
    bits_per_normal = 2
    shift = 1.0

    def convert(self, bits):
        return 1.0 - 2.0 * bits[::2].astype(np.float32)


class Direct:
    """Takes the noise for the image: x_s = x_t."""

    renewals = 0

    def __init__(self, steps, eta):
        self.times = np.linspace(1.0, 0.0, steps + 1)

    def step(self, denoiser, x, time, next_time, z=None):
        return x


CONVERTER = HalfAndHalf()
'''


def test_a_converter_and_a_sampler_of_another_package_make_images(command, installed, tmp_path):
    entries = "[mtjlab.noise_converters]\nhalf = reg_grey:CONVERTER\n[mtjlab.samplers]\ndirect = reg_grey:Direct\n"
    installed("grey", entries, reg_grey=GREY)
    bits = np.random.default_rng(9).integers(0, 2, 2 * 2 * 784, dtype=np.uint8)
    (tmp_path / "bits.txt").write_text("".join(map(str, bits)))
    words = ("sample", tmp_path / "bits.txt", "--format", "ascii", "--images", 2, "--output", tmp_path / "out")
    done = command(*words, "--sampler", "direct", "--converter", "half", "--json", "-")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["sampler"], told["converter"], told["bits_used"]) == ("direct", "half", 2 * 2 * 784)
    images = np.load(tmp_path / "out/images.npz")["images"]
    np.testing.assert_array_equal(images.ravel(), np.where(bits[::2] == 1, 0, 255))
    refused = command(*words, "--sampler", "euler").stderr
    assert "invalid choice: 'euler' (choose from 'ddim', 'ddpm', 'direct', 'dpm-solver++', " in refused


def test_a_broken_procedure_hides_no_other_one(command, installed):
    installed("fallen", "[mtjlab.procedures]\nfallen = reg_fallen:Fallen\n", reg_fallen="import no_such_module")
    listed = " ".join(command("procedures").stdout.replace("│", " ").split())
    assert "fallen (procedure 'fallen' of fallen-1.0 cannot be loaded (ModuleNotFoundError" in listed
    assert "retention" in listed
