"""A picture is drawn without the fit where the data do not determine it, and only there."""

import numpy as np
import pytest

from mtjlab.procedures.measurements.table_procedure import TableProcedure
from mtjlab.procedures.resistance_against_field import ResistanceAgainstField


def test_a_part_of_a_loop_is_drawn_without_its_fit():
    procedure = ResistanceAgainstField(points=9, loops=2)
    rows = np.array([[1.0, 1.0, field, 5e4, 50.0] for field in np.linspace(-0.1, 0.1, 9)])
    assert procedure.draw(rows, {}, "half a loop").startswith(b"\x89PNG")


def test_a_fault_of_the_program_inside_a_fit_is_not_taken_for_poor_data():
    with pytest.raises(ValueError, match=r"matmul|shapes"):
        TableProcedure.attempt(lambda: np.ones(2) @ np.ones(3))
