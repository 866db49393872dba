"""What the parameters of the random bitstream mean, in the order of use."""

__all__ = ["GROUPS", "NOTES"]

GROUPS = {
    "Basic": (
        "bits", "amplitude", "width", "mode", "duration", "largest_bias", "confidence", "extract", "resistance",
        "junctions", "turn",
    ),
    "Feedback": (
        "feedback", "actuator", "field", "slope", "span", "resolution", "constant", "share", "drift", "step",
    ),
    "Expert": ("bias", "settle", "compliance", "integration", "read_error", "block", "entropy", "false_alarm"),
}  # fmt: skip
"""Groups of the parameters."""

NOTES = {
    "duration": "Ends the run after this time even if bits are missing; 0 never does.",
    "largest_bias": "Ends the run as soon as the mean of |2P - 1| is shown to be no larger; 0 never does.",
    "confidence": "How surely that is to be shown.",
    "mode": "toggle: every pulse gives a bit. reset: only pulses out of the parallel state do, half as many.",
    "read_error": "The integration time is raised until no larger share of states would be misread.",
    "block": "Pulses that the instruments take by themselves, between two looks at what came.",
    "entropy": "What the health tests take for granted, in bits of min-entropy for each raw bit.",
    "false_alarm": "How rarely a health test may raise an alarm on a source that is as good as assessed.",
    "extract": "Conditions the bits as they come; the raw ones are then not kept.",
    "resistance": "every keeps the resistance that is read with each bit, four bytes each.",
    "feedback": "Holds P at one half: output steers by the bits that are given out, sacrificial by other pulses.",
    "actuator": "What the feedback moves.",
    "field": "Field of the coil at the start.",
    "slope": "How strongly P answers to the actuator, per its unit; 0 lets the run find it.",
    "span": "How far the feedback may move the actuator from where it began; 0 takes the bench's own.",
    "resolution": "Smallest step of the actuator; 0 takes the instrument's own.",
    "constant": "Over so many bits the feedback takes a deviation away; longer is slower and steers by less noise.",
    "share": "Pulses whose bits steer and are given to nobody, of all.",
    "drift": "The fastest drift that the feedback is to follow.",
    "step": "The largest jump of P that it is to stand.",
    "junctions": "Names of the junctions of a multiplexed bench, with commas; empty for the one there is.",
    "turn": "Bits after which the next junction has its turn.",
}
"""A sentence on each."""
