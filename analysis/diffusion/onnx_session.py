"""Open a network in onnxruntime, and say in one line what is wrong when that fails."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mtjlab.core import InputError

__all__ = ["open_session"]


def open_session(
    path: Path,
    inputs: Sequence[str] | None,
    outputs: Sequence[str] | None,
    threads: int | None,
    *,
    optional: Sequence[str] = (),
) -> Any:
    """Open an ONNX file.

    Parameters
    ----------
    path
        The ONNX file.
    inputs, outputs
        Names that the network must have; None allows any.
    threads
        Threads of one operator; None lets onnxruntime take every core.
    optional
        Names of inputs that it may have besides.

    Returns
    -------
    onnxruntime.InferenceSession
        The session, on the CPU.

    Raises
    ------
    ValueError
        If the file is missing, is no ONNX network, or has other inputs or outputs, or if `threads` is below 1.
    """
    import onnxruntime

    if threads is not None and threads < 1:
        raise InputError(f"threads = {threads}: a network needs at least 1 thread")
    if not path.is_file():
        raise InputError(f"{path} does not exist: give the ONNX file of a network, or use the shipped one")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or 0
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])
    # onnxruntime's errors share no base class but Exception (InvalidProtobuf, InvalidGraph, Fail, ...).
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"{path} is not an ONNX network that onnxruntime can run ({reason})") from error
    found = [port.name for port in session.get_inputs()]
    if inputs is not None:
        _check_names(path, "inputs", inputs, [name for name in found if name not in optional])
    if outputs is not None:
        _check_names(path, "outputs", outputs, [port.name for port in session.get_outputs()])
    return session


def _check_names(path: Path, side: str, expected: Sequence[str], found: Sequence[str]) -> None:
    if sorted(found) != sorted(expected):
        raise InputError(
            f"{path} has the {side} {', '.join(found)}; expected {', '.join(expected)}: "
            "export the network with `mtjlab train`"
        )
