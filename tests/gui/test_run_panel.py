"""The left side of the window: what may be pressed while a run is under way, and while none is."""

import pytest

pytest.importorskip("qtpy.QtWidgets", reason="needs Qt with its system libraries", exc_type=ImportError)

from mtjlab.gui.procedure_inputs import ProcedureInputs
from mtjlab.gui.run_panel import RunPanel
from mtjlab.procedures import ContactCheck, RandomBitstream

BEGINNINGS = ("procedure", "file", "browse", "start", "resume", "fit")
"""What a run is chosen and begun by."""


@pytest.fixture
def panel(application):
    made = RunPanel()
    made.show_inputs(ProcedureInputs(ContactCheck))
    made.show()
    yield made
    made.close()


def test_without_a_run_all_but_stop_may_be_pressed(panel):
    assert all(getattr(panel, name).isEnabled() for name in BEGINNINGS)
    assert not panel.stop.isEnabled()
    assert panel.summary.text() == "Ready."


def test_during_a_run_only_stop_may_be_pressed_and_no_input_changed(panel):
    inputs = ProcedureInputs(RandomBitstream)
    panel.show_inputs(inputs)
    panel.enable(running=True)
    assert not any(getattr(panel, name).isEnabled() for name in BEGINNINGS)
    assert not any(field.isEnabled() for field in inputs.entries.values())
    assert panel.stop.isEnabled()


def test_after_a_run_all_is_as_before_it(panel):
    panel.enable(running=True)
    panel.stop.setText("Stop at once")  # pressed once
    panel.enable(running=False)
    assert all(getattr(panel, name).isEnabled() for name in BEGINNINGS)
    assert (panel.stop.isEnabled(), panel.stop.text()) == (False, "Stop")


def test_another_procedures_inputs_take_the_place_of_the_first(panel):
    inputs = ProcedureInputs(RandomBitstream)
    panel.show_inputs(inputs)
    assert all(field.isVisibleTo(panel) for field in inputs.entries.values())
    assert len(panel.findChildren(ProcedureInputs)) == 1
