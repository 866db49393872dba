"""The sections of a bar's device file: each a group of parameters, with the sources of their defaults."""

from typing import Literal

from pydantic import Field

from mtjlab.instruments.simulated.device.device_parameters import DeviceSection

__all__ = [
    "SpinOrbitTorque",
    "Films",
    "Unidirectional",
    "Nernst",
    "BarHeating",
    "BarContacts",
    "BarNoise",
    "BarSpread",
    "BarFault",
    "ReadJunction",
]


class SpinOrbitTorque(DeviceSection):
    """Section `[torque]`: how strongly a current in the metal turns the magnet, and which way.

    A current density J in the metal acts with the damping-like field ħ·ξ_DL·J/(2e·Ms·t) and the field-like field
    ħ·ξ_FL·J/(2e·Ms·t). One sign convention holds: a positive efficiency pushes the magnetisation, and makes a
    field-like field, in the direction of the Oersted field that the metal's own current makes in the magnet, which is
    -y for a positive current along +x and a metal below the magnet.
    """

    damping_like: float = -0.36
    """ξ_DL; the spin Hall angle of W as published, -0.36 (arXiv:1810.00641), of an interface that loses no spin."""
    field_like: float = -0.05
    """ξ_FL; chosen here, a seventh of ξ_DL and of its sign, the order published for W/CoFeB of 2 nm."""
    metal: Literal["below", "above"] = "below"
    """Whether the metal lies below or above the magnet, which turns all three fields of the current round."""


class Films(DeviceSection):
    """Section `[resistance]`: two films in parallel, and what the magnetisation does to their resistance.

    R(m) = R0·(1 + amr·mx² + smr·(1 - my²)), R0 of m along z; across the bar there are planar Hall voltages of the same
    two effects and the anomalous Hall effect.
    """

    metal_resistivity: float = Field(default=2.0e-6, gt=0)
    """Resistivity of the metal [Ω·m]; β-W, published 1.5e-6 to 2.5e-6."""
    magnet_resistivity: float = Field(default=1.7e-6, gt=0)
    """Resistivity of the magnet [Ω·m]; chosen here, of the order published for thin CoFeB films."""
    amr: float = Field(default=0.001, ge=0, lt=0.2)
    """Anisotropic magnetoresistance of the bar, relative; chosen here, of a thin film's order."""
    smr: float = Field(default=0.008, ge=0, lt=0.2)
    """Spin Hall magnetoresistance, relative; about 1 % in W/CoFeB, Kim et al., Phys. Rev. Lett. 116, 097201
    (2016)."""
    anomalous_hall: float = 1.0
    """Anomalous Hall resistance at m along +z [Ω]; chosen here, the order of 2 nm of CoFeB beside a metal."""
    temperature_coefficient: float = Field(default=-2.0e-4, gt=-0.002, lt=0.01)
    """Relative change of the resistance per kelvin [1/K]; chosen here: negative, as β-W has it."""
    nominal_temperature: float = Field(default=300.0, gt=0)
    """Temperature for which the resistivities are stated [K]; a room's."""


class Unidirectional(DeviceSection):
    """Section `[umr]`: unidirectional magnetoresistance, R_UMR(J)·my, odd in the current.

    The ratio u(J) = (R(+J) - R(-J))/R at my = +1 rises in proportion to J, above `cubic_density` in proportion to J³,
    and saturates above `saturation_density`: u = f/√(1 + (f/saturation)²), where g(J) = J·(1 + (J/cubic_density)²) and
    f = saturation·g(J)/g(saturation_density). The form is chosen here; it goes through the regimes as published.
    """

    saturation: float = Field(default=0.0036, gt=-0.2, lt=0.2)
    """Ratio at high current density; 0.36 % in W/CoFeB, arXiv:2107.07780."""
    cubic_density: float = Field(default=4.0e9, gt=0)
    """Density in the metal at which the cubic part equals the linear one [A/m²]; between the 1e9 of the linear and the
    1e10 of the cubic regime of the same paper."""
    saturation_density: float = Field(default=3.0e10, gt=0)
    """Density in the metal at which the ratio is 1/√2 of its saturation [A/m²]; between the 1e10 of the cubic and the
    1e11 of the constant regime of the same paper."""


class Nernst(DeviceSection):
    """Section `[nernst]`: anomalous Nernst effect of the heat that flows out of the plane.

    Half of the Joule heat leaves through the magnet: E = coefficient·m×∇T with ∇T = ẑ·P/(2·area·conductivity).
    """

    coefficient: float = 3.0e-7
    """Electric field per temperature gradient [V/K]; chosen here, the order of CoFeB films."""
    conductivity: float = Field(default=20.0, gt=0)
    """Thermal conductivity of the magnet [W/(m·K)]; chosen here, a metal film's by Wiedemann and Franz, rounded up."""


class BarHeating(DeviceSection):
    """Section `[heating]`: a thermal resistance and one time constant."""

    thermal_resistance: float = Field(default=700.0, ge=0)
    """Temperature rise per power [K/W]; 100 nm of SiO2 (1.4 W/(m·K)) under 5 µm by 20 µm."""
    time_constant: float = Field(default=10e-9, gt=0)
    """Time to 63 % of the rise [s]; 100 nm of SiO2 with a diffusivity of 0.9e-6 m²/s: d²/D."""


class BarContacts(DeviceSection):
    """Section `[contacts]`: the current's contacts at both ends, and which way round the leads are connected."""

    contact_resistance: float = Field(default=20.0, ge=0)
    """Resistance of each of the two current contacts with its lead [Ω]; part of a two-wire reading only."""
    current_polarity: Literal[1, -1] = 1
    """-1: the current's two leads are exchanged."""
    voltage_polarity: Literal[1, -1] = 1
    """-1: the leads of the longitudinal voltage are exchanged."""
    field_tilt: float = Field(default=0.0, gt=-0.8, lt=0.8)
    """Angle from the bar's axes to those of the coils [rad]: what the coils call x points this far from the bar
    towards y."""


class BarNoise(DeviceSection):
    """Section `[noise]`: 1/f noise of the films, after Hooge; Johnson noise needs no parameter."""

    hooge_parameter: float = Field(default=1e-31, ge=0)
    """S_V = hooge_parameter·V²/(volume·f) [m³]; Hooge's 2e-3 over a metal's 2e28 carriers per m³ (Hooge, Phys. Lett. A
    29, 139 (1969))."""


class BarSpread(DeviceSection):
    """Section `[spread]`: standard deviations from device to device, as `draw_bars` takes them.

    All values are chosen here, of the order of a laboratory's wafer, and relative unless they have a unit.
    """

    resistance: float = Field(default=0.03, ge=0, lt=0.3)
    """Of both resistivities together, lognormal."""
    width: float = Field(default=0.02, ge=0, lt=0.3)
    """Of the bar's width; optical lithography leaves 0.1 µm."""
    anisotropy: float = Field(default=0.05, ge=0, lt=0.3)
    """Of the in-plane anisotropy field."""
    demagnetisation: float = Field(default=0.05, ge=0, lt=0.3)
    """Of the effective demagnetising field."""
    torque: float = Field(default=0.05, ge=0, lt=0.3)
    """Of ξ_DL and, by a number of its own, of ξ_FL."""
    umr: float = Field(default=0.05, ge=0, lt=0.3)
    """Of the UMR's saturation."""
    damping: float = Field(default=0.05, ge=0, lt=0.3)
    """Of the damping."""
    volume: float = Field(default=0.05, ge=0, lt=0.3)
    """Of the activation volume."""
    tilt: float = Field(default=0.01, ge=0, lt=0.2)
    """Of the easy axis's tilt [rad]."""


class BarFault(DeviceSection):
    """Section `[fault]`: what is wrong with the bar, if anything."""

    kind: Literal["none", "open", "short", "open-transverse"] = "none"
    """`open`: a current contact is lost; `short`: metal bridges the bar; `open-transverse`: a transverse contact is
    lost, and its voltage runs away."""
    open_resistance: float = Field(default=1e12, gt=0)
    """Resistance of an open contact [Ω]; chosen here, the insulation of a probe card."""
    short_resistance: float = Field(default=5.0, gt=0)
    """Resistance of the bridge [Ω]; chosen here."""


class ReadJunction(DeviceSection):
    """Section `[junction]`: a magnetic tunnel junction on the bar, read through a third terminal.

    Its free layer is the bar's magnet, whose volume is then the junction's own and the activation volume; state P is
    the magnetisation along the easy axis in the direction of +x or +y.
    """

    diameter: float = Field(default=140e-9, gt=0)
    """Diameter of a round pillar with the junction's area [m]."""
    resistance_area: float = Field(default=650e-12, gt=0)
    """Resistance-area product of the parallel state [Ω·m²]; chosen here: 42 kΩ, far above that of the bar below."""
    tmr: float = Field(default=1.0, gt=0)
    """Tunnel magnetoresistance (Rap - Rp)/Rp at zero bias; as of the junctions' device files."""
