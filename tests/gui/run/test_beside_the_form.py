"""What works beside the form: the latest call, the presets, the outlook."""

import threading

import pytest

pytest.importorskip("qtpy.QtWidgets", reason="needs Qt with its system libraries", exc_type=ImportError)

from pymeasure.experiment import Procedure

from mtjlab.core import InputError, config_folder
from mtjlab.gui.run.latest_call import LatestCall
from mtjlab.gui.run.outlook import Outlook, allowed_words, outlook_of
from mtjlab.gui.run.presets import Presets
from mtjlab.instruments import BenchFile
from mtjlab.procedures import ContactCheck, RandomBitstream
from mtjlab.procedures.running import RunSpec


@pytest.fixture
def latest(qtbot):
    call = LatestCall()
    yield call
    call.close()


def test_only_the_latest_answer_is_told(latest, qtbot):
    begun, let_go, told = threading.Event(), threading.Event(), []
    latest.answered.connect(told.append)

    def slow():
        begun.set()
        let_go.wait(30)
        return "slow"

    latest.ask(slow)
    assert begun.wait(30)
    latest.ask(lambda: "never called")
    with qtbot.waitSignal(latest.answered):
        latest.ask(lambda: "latest")
        let_go.set()
    assert told == ["latest"]


def test_what_a_call_raises_is_the_answer(latest, qtbot):
    with qtbot.waitSignal(latest.answered) as answer:
        latest.ask(lambda: 1 / 0)
    assert isinstance(answer.args[0], ZeroDivisionError)


def test_what_is_forgotten_is_not_told(latest, qtbot):
    told = []
    latest.answered.connect(told.append)
    latest.ask(lambda: "first")
    latest.forget()
    with qtbot.waitSignal(latest.answered):
        latest.ask(lambda: "second")
    assert told == ["second"]


def test_presets_lie_in_the_users_folder_by_procedure(tmp_path, monkeypatch):
    monkeypatch.setenv("MTJLAB_CONFIG", str(tmp_path))
    assert config_folder() == tmp_path
    presets = Presets()
    assert presets.names("retention") == []
    presets.save("retention", "slow", "a = 1\n")
    presets.save("retention", "slow", "a = 2\n")
    presets.save("/some/where/own.py:Heater", "hot", "")
    assert (tmp_path / "presets" / "retention" / "slow.toml").read_text() == "a = 2\n"
    assert (presets.names("retention"), presets.names("own.py:Heater")) == (["slow"], ["hot"])
    presets.delete("retention", "slow")
    presets.delete("retention", "slow")
    assert presets.names("retention") == []


@pytest.mark.parametrize("name", ["", "..", ".hidden", "a/b", "a\\b", "x" * 100])
def test_a_preset_has_a_name_that_a_file_may_have(tmp_path, name):
    with pytest.raises(InputError, match="is no name of a preset"):
        Presets(tmp_path).save("retention", name, "")


def test_a_folder_that_takes_no_preset_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        Presets(tmp_path / "file").save("retention", "slow", "")


def test_the_outlook_is_the_sum_over_all_runs(tmp_path):
    bench = BenchFile.load("simulated")
    runs = [RunSpec.of(RandomBitstream(bits=bits), "random-bitstream", tmp_path / "x") for bits in (10**6, 2 * 10**6)]
    one, two, both = (outlook_of(each, bench, tmp_path) for each in ([runs[0]], [runs[1]], runs))
    assert both.runs == 2
    assert both.duration == pytest.approx(one.duration + two.duration)
    assert both.size == one.size + two.size
    assert "each)" in both.text


def test_a_disk_that_is_too_small_is_said():
    outlook = Outlook(1, 60.0, 2 * 10**9, 10**9, "")
    assert outlook.is_too_large
    assert "The disk is too small" in outlook.text
    assert not Outlook(1, None, None, 10**9, "").is_too_large


def test_what_the_bench_refuses_is_said_for_each_run(tmp_path):
    bench = BenchFile.load("simulated")
    runs = [
        RunSpec(ContactCheck, "contact-check", {"compliance": compliance}, tmp_path / "x", number=number)
        for number, compliance in enumerate((1e-5, 0.9, 0.8), start=1)
    ]
    allowed, words = allowed_words(runs, bench)
    assert not allowed
    assert [line[:6] for line in words.splitlines()] == ["Run 2:", "Run 3:"]


def test_a_procedure_that_does_not_say_its_settings_is_not_called_allowed_by_a_check(tmp_path):
    class Plain(Procedure):
        """A user's own."""

    runs = [RunSpec(Plain, "own.py:Plain", {}, tmp_path / "x")]
    allowed, words = allowed_words(runs, BenchFile.load("simulated"))
    assert allowed
    assert "the bench checks each as it is made" in words


def test_many_refusals_are_counted_and_not_all_told(tmp_path):
    runs = [
        RunSpec(ContactCheck, "contact-check", {"compliance": 0.9}, tmp_path / "x", number=number)
        for number in range(1, 10)
    ]
    _, words = allowed_words(runs, BenchFile.load("simulated"))
    assert len(words.splitlines()) == 7
    assert words.endswith("and 3 more")
