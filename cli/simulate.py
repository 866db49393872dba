"""`mtjlab simulate`: the device alone, without a bench: switching, pulse map, relaxation."""

import argparse

from mtjlab.cli.common_arguments import add_debug_argument, add_json_argument
from mtjlab.cli.numbers import integer, number_list, real

HELP = "simulate the device alone: switching probability, pulse map, relaxation"
ACTIONS = {
    "switching": "P(switch) against pulse width at one amplitude",
    "map": "P(switch) over amplitude and width, as JSON and as a picture",
    "relaxation": "dwell times without and with a field in the plane",
    "table": "make the switching table of a device for the pulses of a bench, before the bench needs it",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    actions = parser.add_subparsers(dest="action", metavar="action", required=True)
    made = {}
    for name, words in ACTIONS.items():
        action = made[name] = actions.add_parser(name, help=words, description=words)
        action.add_argument(
            "--device", default="reference", metavar="NAME|FILE", help="shipped device or TOML file (reference)"
        )
        action.add_argument(
            "--effects", default="full", metavar="LIST",
            help="ideal (thermal field alone), full (default), or names with commas; -NAME takes one out",
        )  # fmt: skip
        action.add_argument("--seed", type=integer(0, 2**63 - 1), help="seed; fresh from the system unless given")
        action.add_argument("--threads", type=integer(1, 1024), default=1, help="threads (1)")
        add_json_argument(action)
        add_debug_argument(action)
    for name in ("switching", "map"):
        action = made[name]
        action.add_argument(
            "--widths", required=True, type=number_list, metavar="LIST|START:STOP:STEP", help="at half maximum [s]"
        )
        action.add_argument(
            "--edge", type=real(0, 1e-6), default=50e-12, help="rise and fall from bottom to top [s] (50e-12)"
        )
    _add_table_arguments(made["table"])
    made["switching"].add_argument("--amplitude", required=True, type=real(-10, 10), help="of the pulse [V]")
    made["switching"].add_argument("--state", choices=("P", "AP"), default="P", help="before each pulse (P)")
    made["switching"].add_argument("--shots", type=integer(1, 10**9), default=10_000, help="pulses a width (10000)")
    made["map"].add_argument(
        "--amplitudes", required=True, type=number_list, metavar="LIST|START:STOP:STEP", help="of the pulse [V]"
    )
    made["map"].add_argument("--state", choices=("P", "AP"), default="P", help="before each pulse (P)")
    made["map"].add_argument("--shots", type=integer(1, 10**7), default=1_000, help="pulses a point (1000)")
    made["map"].add_argument("--output", metavar="FILE.png", default="map.png", help="picture (map.png)")
    made["relaxation"].add_argument(
        "--fields", type=number_list, default=None, metavar="LIST|START:STOP:STEP",
        help="fields in the plane [T], instead of the device's own (0 and 2e-3)",
    )  # fmt: skip
    made["relaxation"].add_argument(
        "--stability", type=real(1, 12), default=5.0, help="thermal stability factor without field, instead of the "
        "device's own, which would wait for years (5)",
    )  # fmt: skip
    made["relaxation"].add_argument("--amplitude", type=real(-10, 10), default=0.0, help="constant bias [V] (0)")
    made["relaxation"].add_argument("--shots", type=integer(256, 10**7), default=10_000, help="junctions (10000)")
    made["relaxation"].add_argument(
        "--longest", type=real(1e-9, 1e-3), default=20e-6, help="how long to follow them at most [s] (20e-6)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked for."""
    from mtjlab.cli.simulate_actions import make_table, relaxation, switching, switching_map

    actions = {"switching": switching, "map": switching_map, "relaxation": relaxation, "table": make_table}
    return actions[arguments.action](arguments)


def _add_table_arguments(action: argparse.ArgumentParser) -> None:
    for name, bounds, words in (
        ("--amplitudes", real(-10, 10), "lowest and highest, bias included [V]"),
        ("--widths", real(0, 1e-7), "shortest and longest, at half maximum [s]"),
    ):
        action.add_argument(name, type=bounds, nargs=2, required=True, metavar=("LOW", "HIGH"), help=words)
    action.add_argument("--edge", type=real(0, 1e-6), default=1e-9, help="rise and fall from bottom to top [s] (1e-9)")
    action.add_argument("--in-plane-field", type=real(-1, 1), default=0.0, help="of the coils along x [T] (0)")
    action.add_argument("--perpendicular-field", type=real(-1, 1), default=0.0, help="of the coils along z [T] (0)")
    action.add_argument("--temperature", type=real(1, 1000), help="of the stage [K] (the device's own)")
    action.add_argument("--shots", type=integer(1, 10**7), default=4096, help="pulses from each state (4096)")
    action.add_argument("--smooth", action="store_true", help="smooth the counts, so that local slopes are right")
    action.add_argument("--output", metavar="FILE.npz", help="file to write, instead of the user's cache")
