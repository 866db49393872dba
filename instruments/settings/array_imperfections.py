"""The section ``[simulation.array]`` of a bench file: what is not ideal about a simulated array of junctions."""

from pydantic import Field

from mtjlab.instruments.settings.section import Section

__all__ = ["ArrayImperfections"]


class ArrayImperfections(Section):
    """How the cells of an array differ, and what its lines do.

    All values are chosen here. The spread is that of the reference device (`Spread`); the others are of the order that
    makers of magnetic memory give for test chips, and zero for what is to be left out.

    Raises
    ------
    ValueError
        (pydantic's `ValidationError`) If a key is unknown or a value outside its range.
    """

    vcma_spread: float = Field(default=0.05, ge=0, lt=0.3)
    """Standard deviation of the voltage-controlled anisotropy from cell to cell, relative."""
    stability_spread: float = Field(default=0.05, ge=0, lt=0.3)
    """Standard deviation of Δ from cell to cell, relative: how much it takes to cancel the anisotropy."""
    line_drop: float = Field(default=0.01, ge=0, lt=0.5)
    """Share of the amplitude that is lost by the resistance and capacitance of a word line at its far end."""
    stuck: float = Field(default=1e-4, ge=0, le=1)
    """Share of cells that never switch; half of them hold 0."""
    weak: float = Field(default=1e-4, ge=0, le=1)
    """Share of cells that forget: between two operations they hold 0 or 1 at even odds."""
    read_error: float = Field(default=1e-6, ge=0, le=0.5)
    """Probability that a cell is read as what it is not."""
    half_select: bool = True
    """Whether cells that share a line with a pulsed one see half of the amplitude."""

    @classmethod
    def ideal(cls) -> "ArrayImperfections":
        """Make an array whose cells are all alike.

        Returns
        -------
        ArrayImperfections
            With zeros everywhere.
        """
        return cls(
            vcma_spread=0.0, stability_spread=0.0, line_drop=0.0, stuck=0.0, weak=0.0, read_error=0.0, half_select=False
        )
