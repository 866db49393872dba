"""One parameter's line: what stands in it, what is said below it, how it goes back to its default."""

import pytest

pytest.importorskip("qtpy.QtWidgets", reason="needs Qt with its system libraries", exc_type=ImportError)

from pymeasure.experiment import (
    BooleanParameter,
    FloatParameter,
    IntegerParameter,
    ListParameter,
    Parameter,
    VectorParameter,
)
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QAbstractButton, QCheckBox, QComboBox, QLabel, QLineEdit

from mtjlab.gui.run.parameter_field import ParameterField, shown_value

WIDTH = FloatParameter("Pulse width", units="s", default=1e-8, minimum=0.0, maximum=1.0)


@pytest.fixture
def show(qtbot):
    """Show a field of a parameter."""

    def make(parameter, note="What it means."):
        field = ParameterField("width", parameter, note)
        qtbot.addWidget(field)
        field.show()
        return field

    return make


def said(field):
    return [label.text() for label in field.findChildren(QLabel)]


def reset_button(field):
    (button,) = field.findChildren(QAbstractButton, options=Qt.FindChildOption.FindChildrenRecursively)
    return button


@pytest.mark.parametrize(
    ("parameter", "value", "words"),
    [
        (WIDTH, 2.5e-9, "2.5 ns"),
        (FloatParameter("Gain"), 9.094947017729282e-13, "9.094947017729282e-13"),
        (FloatParameter("U", units="mV"), 1250.0, "1250 mV"),
        (FloatParameter("Odd", units="arb. u."), 2.0, "2 arb. u."),
        (IntegerParameter("N"), 2_500_000, "2.5 M"),
        (ListParameter("Mode", choices=["a", "b"]), "b", "b"),
        (BooleanParameter("On"), True, "True"),
        (Parameter("Names"), "a, b", "a, b"),
        (VectorParameter("Field", length=3), [1.0, 2.0, 3.0], "[1.0, 2.0, 3.0]"),
        (WIDTH, None, ""),
    ],
)
def test_a_value_is_shown_as_its_parameter_reads_it(parameter, value, words):
    assert shown_value(parameter, value) == words


def test_what_a_parameter_is_tells_what_it_is_typed_into(show):
    kinds = {
        QLineEdit: WIDTH,
        QComboBox: ListParameter("Mode", choices=["toggle", "reset"], default="reset"),
        QCheckBox: BooleanParameter("On", default=True),
    }
    for kind, parameter in kinds.items():
        field = show(parameter)
        (entry,) = field.findChildren(kind)
        assert entry.accessibleName() == parameter.name
        assert not field.is_changed
        assert str(field.word) == shown_value(parameter, parameter.default)


def test_a_default_stays_as_it_is_and_a_change_is_told_and_taken_back(show, qtbot):
    field = show(WIDTH)
    assert not reset_button(field).isEnabled()
    with qtbot.waitSignal(field.changed):
        field.show_value(2e-9)
    field.say_range("0 s to 1 s.")
    assert (field.word, field.is_changed) == ("2 ns", True)
    assert "What it means. 0 s to 1 s. Default 10 ns." in said(field)
    qtbot.mouseClick(reset_button(field), Qt.MouseButton.LeftButton)
    field.say_range("0 s to 1 s.")
    assert (field.word, field.is_changed) == ("10 ns", False)
    assert "What it means. 0 s to 1 s." in said(field)
    assert not reset_button(field).isEnabled()


def test_a_choice_and_a_box_go_back_to_their_defaults(show):
    mode = show(ListParameter("Mode", choices=["toggle", "reset"], default="reset"))
    mode.show_value("toggle")
    assert mode.is_changed
    mode.reset()
    assert (mode.word, mode.is_changed) == ("reset", False)
    box = show(BooleanParameter("On", default=True))
    box.show_value(False)
    assert (box.word, box.is_changed) == (False, True)
    box.reset()
    assert (box.word, box.is_changed) == (True, False)


def test_a_choice_without_a_default_takes_the_first_one(show):
    field = show(ListParameter("Mode", choices=["toggle", "reset"]))
    assert (field.word, field.is_changed) == ("toggle", False)


def test_the_wheel_scrolls_the_form_and_changes_no_choice(show):
    from qtpy.QtCore import QPoint, QPointF
    from qtpy.QtGui import QWheelEvent
    from qtpy.QtWidgets import QApplication

    field = show(ListParameter("Mode", choices=["toggle", "reset"], default="toggle"))
    (choices,) = field.findChildren(QComboBox)
    place = QPointF(5, 5)
    turn = QWheelEvent(
        place, place, QPoint(0, -120), QPoint(0, -120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(choices, turn)
    assert field.word == "toggle"


def test_a_reason_takes_the_place_of_the_sentence_until_the_value_is_right(show):
    field = show(WIDTH)
    (line,) = field.findChildren(QLineEdit)
    field.say_refused("too long")
    assert "too long" in said(field)
    assert "border" in line.styleSheet()
    assert line.toolTip() == "too long"
    field.say_range("")
    assert "too long" not in said(field)
    assert line.styleSheet() == ""
    assert "a number alone is in s" in line.toolTip()
    assert "--set width=" in line.toolTip()


def test_a_parameter_that_nobody_explains_has_no_empty_line(show):
    field = show(FloatParameter("Gain", default=1.0), note="")
    assert all(label.isVisible() for label in field.findChildren(QLabel) if label.text() not in ("", None))
    assert "" not in [label.text() for label in field.findChildren(QLabel) if label.isVisible() and label.wordWrap()]
