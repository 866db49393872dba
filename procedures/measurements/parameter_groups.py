"""How a form shows the parameters of a procedure: in groups, in the order of use, each with a sentence."""

from __future__ import annotations

from pymeasure.experiment import Procedure

from mtjlab.procedures.measurements.parameters import stated_parameters

__all__ = ["BASIC", "EXPERT", "FIT", "grouped_parameters", "parameter_note"]

BASIC, FIT, EXPERT = "Basic", "Fit", "Expert"

COMMON = {
    "amplitude": "Voltage of each pulse across the junction.",
    "width": "Length of each pulse at half of its height.",
    "bias": "Voltage at which the state is read; it must not disturb it.",
    "settle": "Wait between the end of a pulse and the read.",
    "compliance": "The source-meter lets no more than this through, whatever the junction does.",
    "integration": "Time that one reading takes; longer is less noisy.",
    "bits": "How many bits the recording will hold.",
    "pulses": "How many pulses are sent.",
    "readings": "How often it is read at each setting.",
    "repeats": "How often each of them is done.",
    "loops": "How often the loop is gone through.",
    "points": "How many settings from one end to the other.",
    "lowest": "Where the sweep begins.",
    "highest": "Where the sweep ends.",
    "largest": "The largest that the sweep reaches.",
    "field": "Field of the coil.",
    "current": "Current through the bar.",
    "probe": "Current at which the state of the bar is read.",
    "damping": "Gilbert damping of the free layer.",
    "thickness": "Thickness of the free layer.",
    "magnetisation": "Saturation magnetisation of the free layer.",
}
"""What parameters mean that many procedures have."""


def grouped_parameters(of: Procedure | type[Procedure]) -> dict[str, list[str]]:
    """Give the parameters of a procedure in the groups that its class states.

    Parameters
    ----------
    of
        Procedure, or its class. A class may have a class attribute ``parameter_groups``, a dictionary of titles and the
        names of parameters; those of its base classes hold as well, where the class itself does not name a parameter.

    Returns
    -------
    dict of str to list of str
        Titles and names, in the order of use: the basic ones, named or in no group, then the other groups, what its fit
        alone uses (``fit_settings``), the expert's last. A user's own procedure without groups has one without a title.

    Examples
    --------
    >>> from mtjlab.procedures import RandomBitstream
    >>> list(grouped_parameters(RandomBitstream))
    ['Basic', 'Feedback', 'Expert']
    """
    kind = of if isinstance(of, type) else type(of)
    names = list(stated_parameters(of))
    title_of: dict[str, str] = {}
    order: list[str] = []
    for each in kind.__mro__:
        for title, members in vars(each).get("parameter_groups", {}).items():
            for name in members:
                if name in names and name not in title_of:
                    title_of[name] = title
                    order.append(name)
    for name in getattr(kind, "fit_settings", ()):
        if name in names and name not in title_of:
            title_of[name] = FIT
            order.append(name)
    titles = [BASIC, *(title for title in title_of.values() if title not in (BASIC, EXPERT)), EXPERT]
    rest = [name for name in names if name not in title_of]
    groups = {title: [name for name in order if title_of[name] == title] for title in titles}
    groups[BASIC] += rest
    groups = {title: members for title, members in groups.items() if members}
    return {"": groups[BASIC]} if list(groups) == [BASIC] else groups


def parameter_note(of: Procedure | type[Procedure], name: str) -> str:
    """Give the sentence on a parameter: its ``description``, what its class notes, what all procedures mean by it.

    Parameters
    ----------
    of
        Procedure, or its class.
    name
        Name of the parameter.

    Returns
    -------
    str
        The sentence; empty where there is none.
    """
    kind = of if isinstance(of, type) else type(of)
    described = getattr(stated_parameters(of)[name], "description", None)
    if described:
        return str(described)
    for each in kind.__mro__:
        note = vars(each).get("parameter_notes", {}).get(name)
        if note:
            return str(note)
    ours = kind.__module__.startswith("mtjlab.procedures.")
    return COMMON.get(name, "") if ours else ""
