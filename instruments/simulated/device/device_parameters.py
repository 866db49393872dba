"""The sections of a device file: each a group of parameters, with the sources of their defaults."""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "DeviceSection",
    "ThermalScaling",
    "SpinTorque",
    "PulseLine",
    "SelfHeating",
    "Drive",
    "Contacts",
    "ElectricalNoise",
    "BarrierWear",
    "Drift",
    "Spread",
    "Fault",
]


class DeviceSection(BaseModel):
    """A group of parameters: unchangeable, without unknown keys, without infinities; sentences under the fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)

    def flat(self) -> dict[str, float | int | str]:
        """Give all parameters under dotted names, such as `torque.efficiency`, for a recording."""
        return dict(_flatten("", self.model_dump(exclude_none=True)))


def _flatten(prefix: str, values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _flatten(f"{prefix}{key}.", value)
        else:
            yield f"{prefix}{key}", value


class ThermalScaling(DeviceSection):
    """Section `[thermal]`: Ms, Ki and ξ about the temperature for which a device file states them.

    With m(T) = Ms(T)/Ms(T0) the interface anisotropy goes as Ki = Ki(T0)·m^2.18 and the voltage's effect as
    ξ = ξ(T0)·m^2.83, while the demagnetisation goes as m². The thermal field follows the temperature by itself.
    """

    nominal_temperature: float = Field(default=300.0, gt=0)
    """Temperature T0 [K] for which Ms, Keff and ξ are stated; a room's."""
    bloch_temperature: float = Field(default=1120.0, gt=0)
    """T* of Bloch's law Ms(T) = Ms(0)·(1 - (T/T*)^1.5) [K]; Ta/CoFeB/MgO, Alzate et al., APL 104, 112410 (2014)."""
    anisotropy_exponent: float = Field(default=2.18, ge=0)
    """Exponent of m in Ki(T); the same paper."""
    vcma_exponent: float = Field(default=2.83, ge=0)
    """Exponent of m in ξ(T); the same paper."""


class SpinTorque(DeviceSection):
    """Section `[torque]`: which way and how strongly the tunnelling current pushes.

    One sign convention holds for a device: **positive voltage lowers the anisotropy** (ξ is not negative), and
    `towards` says to which state the same voltage pushes. Both signs belong to one interface, so they are tied:
    a voltage of the other sign raises the anisotropy and pushes to the other state. `"P"` means that electrons
    flow from the reference to the free layer at positive voltage.
    """

    towards: Literal["P", "AP"] = "P"
    """State to which the voltage that lowers the anisotropy pushes; a device file must state it."""
    efficiency: float = Field(default=0.577, ge=0, le=1)
    """η in a_J = (ħ/2e)·η·V/(RA·Ms·tf), RA of the parallel state; chosen here as the polarisation itself, P = √(1/3) by
    Julliere at a magnetoresistance of 1. Equal electrodes at constant voltage (Slonczewski & Sun, J. Magn. Magn. Mater.
    310, 169 (2007)) would have P/(1 + P²) = 0.433 of the parallel conductance: set that for a device of which only the
    magnetoresistance is known"""
    field_like: float = 0.0
    """b_J = field_like·|V|·a_J [1/V], even in V as Kubota et al., Nat. Phys. 4, 37 (2008) found; small, so 0."""


class PulseLine(DeviceSection):
    """Section `[line]`: cable, pad and leads.

    Amplitudes are those of the open circuit, as a generator makes them that is set for a high load.
    """

    source_resistance: float = Field(default=50.0, ge=0)
    """Output resistance of the generator and of its cable [Ω]."""
    pad_capacitance: float = Field(default=0.5e-12, ge=0)
    """Capacitance of the contact pad [F]; a plate of 65 µm by 65 µm over 300 nm of SiO2 has it."""
    lead_resistance: float = Field(default=100.0, ge=0)
    """Both leads together [Ω]; twenty squares of a metal film of 5 Ω a square."""
    ringing_frequency: float = Field(default=5.0e9, gt=0)
    """Frequency of the ringing [Hz]; the pad with the 2 nH of a probe tip or bond wire."""
    overshoot: float = Field(default=0.05, gt=0, lt=1)
    """First overshoot over a vertical step, as a fraction; what pulse generators' data sheets allow."""


class SelfHeating(DeviceSection):
    """Section `[heating]`: a thermal resistance and one time constant, after You et al., arXiv:0906.2248."""

    thermal_resistance: float = Field(default=2.5e5, ge=0)
    """Temperature rise per power [K/W]: two constrictions 1/(4κa) side by side (Holm), κ = 20 W/(K·m), a = 25 nm."""
    time_constant: float = Field(default=1.0e-9, gt=0)
    """Time to 63 % of the rise [s]; heat spreads over some 100 nm of oxide and metal meanwhile."""


class Drive(DeviceSection):
    """Section `[drive]`: jitter from shot to shot, and the steps of the settings."""

    amplitude_jitter: float = Field(default=1.0e-3, ge=0, lt=0.1)
    """Standard deviation of a shot's amplitude over its mean; 1 mV of output noise in 1 V."""
    width_jitter: float = Field(default=10e-12, ge=0)
    """Standard deviation of a shot's width [s]; the order of a 330 MHz pulse generator's data sheet. To first order
    in the shift of the falling edge, so well below that edge's length."""
    amplitude_step: float = Field(default=1.0e-3, ge=0)
    """Smallest step of the amplitude [V], 0 for none; four digits at 1 V."""
    width_step: float = Field(default=10e-12, ge=0)
    """Smallest step of the width [s], 0 for none; of the order of the Keysight 81160A's."""


class Contacts(DeviceSection):
    """Section `[contacts]`: whether the leads stand in series with the junction in a read.

    In a pulse they always do: the generator has two wires. Their resistance is `line.lead_resistance`.
    """

    wires: Literal[2, 4] = 2
    """2: the read voltage drops over junction and leads. 4: the sense leads put it across the junction alone. Two,
    as with a probe on a pillar of tens of kiloohms; leads of 100 Ω are 0.2 % of it."""


class ElectricalNoise(DeviceSection):
    """Section `[noise]`: 1/f noise and random telegraph noise of the barrier.

    Both are fluctuations of the resistance, so their voltage scales with the bias, as found in tunnel junctions with
    a critical bias for the telegraph noise (J. Appl. Phys. 85, 5270 (1999); MgO: Md Nor et al., ibid. 99, 08T306
    (2006)). Johnson and shot noise need no parameter: resistance, temperature and bias decide them.
    """

    hooge_parameter: float = Field(default=2e-22, ge=0)
    """α in S_V = α·V²/(A·f) [m²]; 2e-10 µm², of the order published for MgO barriers."""
    telegraph_bias: float = Field(default=0.3, gt=0)
    """Bias above which one trap in the barrier changes its charge [V]; chosen here, above usual read voltages."""
    telegraph_amplitude: float = Field(default=2e-3, ge=0, lt=0.5)
    """Relative rise of the resistance while the trap is charged; chosen here, four times the 1/f noise of a decade."""
    telegraph_dwell: float = Field(default=1e-3, gt=0)
    """Mean time in each charge state at the critical bias [s]; chosen here: seen in a read of 0.2 ms."""
    telegraph_slope: float = Field(default=0.05, gt=0)
    """Bias over the critical one that shortens the dwell e times [V]; chosen here, twice kT/e at 300 K."""


class BarrierWear(DeviceSection):
    """Section `[wear]`: breakdown of the barrier under voltage.

    The share of junctions of area A that are broken after a time t at a voltage V is

        1 - exp(-(A/A0)·(t/t0)^β),   t0 = lifetime·(reference_voltage/|V|)^exponent,

    Weibull's law in time, in area and, for a given time, in voltage with the shape β·exponent. A power law of the
    voltage suited MgO best in Lim et al., IEDM 2018, who also saw departures from Weibull's law. The values are
    chosen here so that the endurance of foundry devices holds (1e11 pulses of 0.7 ns at 1.8 V: 70 s of stress):
    after it one reference device in 1700 is broken.
    """

    shape: float = Field(default=1.5, gt=0)
    """Weibull shape β of the time to breakdown; chosen here: wear-out (β > 1) with the wide spread of a thin oxide."""
    lifetime: float = Field(default=1e4, gt=0)
    """Time to breakdown of 63 % of junctions of the reference area, at the reference voltage [s]."""
    reference_voltage: float = Field(default=1.8, gt=0)
    """Voltage for which the lifetime is stated [V]."""
    reference_area: float = Field(default=1.9635e-15, gt=0)
    """Area for which the lifetime is stated [m²]; the reference device's."""
    exponent: float = Field(default=40.0, gt=0)
    """Exponent of the voltage; chosen here: a hundred times less life for 12 % more voltage."""
    short_resistance: float = Field(default=500.0, gt=0)
    """Resistance of a broken junction [Ω]; chosen here: a metallic filament, a hundredth of the reference device."""


class Drift(DeviceSection):
    """Section `[drift]`: slow changes of the resistance, of the amplitude that acts, and of the temperature.

    Long-term variations of the switching probability are correlated with the resistance (arXiv:2501.06318). Here one
    slow variable x moves both: the resistance is R·(1 + x), and a pulse acts with the amplitude V·(1 + coupling·x).
    x wanders (Ornstein-Uhlenbeck) and moves at a steady rate besides. The clock is the number of pulses, so that a
    run of any speed sees the same drift. All values are chosen here: the source gives the correlation, not the sizes.
    """

    resistance_wander: float = Field(default=2e-3, ge=0, lt=0.1)
    """Standard deviation that x reaches in the long run; twice the shift that one trap makes."""
    correlation: float = Field(default=3e7, gt=0)
    """Pulses after which x has forgotten itself (to 1/e); minutes at 100 kbit/s."""
    resistance_rate: float = 0.0
    """Steady change of x per pulse."""
    coupling: float = -1.0
    """Relative change of the acting amplitude per relative change of the resistance; -1: what widens the barrier and
    raises its resistance lowers the field in it. 0 leaves P(switch) alone."""
    probability_rate: float = 0.0
    """Steady change of P(switch) per pulse, for trials of a controller: exactly this where P = 1/2."""
    temperature_step: float = Field(default=0.0, ge=0)
    """Standard deviation of the temperature about its mean, which steps at random times [K]; 0 K is a quiet room."""
    temperature_interval: float = Field(default=1e6, gt=0)
    """Mean number of pulses from one temperature step to the next."""
    interval: int = Field(default=65536, ge=1)
    """Pulses between two updates of all this; P(switch) is constant in between."""


class Spread(DeviceSection):
    """Section `[spread]`: standard deviations from device to device, as `draw_devices` takes them.

    All values are chosen here, of the order of a laboratory's wafer, and stand for spread within one wafer.
    """

    resistance_area: float = Field(default=0.05, ge=0, lt=1)
    """Standard deviation of ln(RA); lognormal, because RA is exponential in the barrier's thickness: 5 % are a
    fiftieth of a monolayer."""
    diameter: float = Field(default=1.5e-9, ge=0)
    """Of the diameter [m]; Gaussian, 3 % of 50 nm, what electron-beam lithography and etching leave."""
    stability: float = Field(default=0.05, ge=0, lt=0.3)
    """Of Δ, relative and beyond what the diameter does to it; Gaussian, through the anisotropy."""
    vcma: float = Field(default=0.05, ge=0, lt=0.3)
    """Of ξ, relative; Gaussian."""
    in_plane_field: float = Field(default=0.5e-3, ge=0)
    """Of Hx [T]; Gaussian, what fringe fields of the stack add to the applied one."""


class Fault(DeviceSection):
    """Section `[fault]`: what is wrong with the device, if anything."""

    kind: Literal["none", "stuck-P", "stuck-AP", "open", "short"] = "none"
    """`stuck-P` and `stuck-AP` read as that state whatever is done; `open` has lost its contact; `short` has broken
    down already."""
    open_resistance: float = Field(default=1e12, gt=0)
    """Resistance of an open device [Ω]; chosen here, the insulation of a probe card."""
