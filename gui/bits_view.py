"""P(1) and the resistance of a bitstream as they come."""

import math

import numpy as np
import pyqtgraph

from mtjlab.core import NORMAL_95
from mtjlab.gui.procedure_run import ProcedureRun

__all__ = ["BitsView"]

BLUE, GREY, RED = "#1f5fa8", "#9aa5b1", "#b3362c"


class BitsView(pyqtgraph.GraphicsLayoutWidget):
    """Two plots: the share of ones along the run, and the latest reads."""

    def __init__(self) -> None:
        super().__init__()
        chance = self.addPlot(row=0, col=0)
        chance.setLabel("left", "P(1)")
        chance.setLabel("bottom", "bits recorded")
        for side in ("left", "bottom"):
            chance.getAxis(side).enableAutoSIPrefix(False)  # 0.495, not 495 thousandths
        chance.addLine(y=0.5, pen=GREY)
        self._low = chance.plot(pen=GREY)
        self._high = chance.plot(pen=GREY)
        chance.addItem(pyqtgraph.FillBetweenItem(self._low, self._high, brush=(154, 165, 177, 70)))
        self.p_one = chance.plot(pen=pyqtgraph.mkPen(BLUE, width=1.5))
        trace = self.addPlot(row=1, col=0)
        trace.setLabel("left", "resistance", units="Ω")
        trace.setLabel("bottom", "latest reads")
        self._resistance = trace.plot(pen=None, symbol="o", symbolSize=3, symbolBrush=RED, symbolPen=None)

    def draw(self, run: ProcedureRun) -> str:
        """Draw what has come; give it in words."""
        live = run.bits.snapshot()
        if not live.total:
            return ""
        band = NORMAL_95 * 0.5 / np.sqrt(np.diff(live.bits, prepend=0.0))
        self._low.setData(live.bits, 0.5 - band)
        self._high.setData(live.bits, 0.5 + band)
        self.p_one.setData(live.bits, live.p_one)
        self._resistance.setData(live.resistances)
        share, error = live.ones / live.total, 0.98 / math.sqrt(live.total)
        return f"{live.total:,} bits, P(1) = {share:.5f} ± {error:.5f} (95 %)"
