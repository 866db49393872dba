"""The Run room as a window of its own, whose sweeps and waiting runs go to the queue on disk."""

from collections.abc import Callable
from pathlib import Path

from mtjlab.core import InputError
from mtjlab.gui.run.form_request import FormRequest
from mtjlab.gui.run.run_room import RunRoom
from mtjlab.instruments import BenchFile
from mtjlab.procedures.running import RunQueue

__all__ = ["FormOpener", "FormWindow"]


class FormWindow(RunRoom):
    """The form: what waits is put on the queue; one run that is to begin now is told of by `start_requested`.

    Parameters
    ----------
    bench
        Bench to run on.
    folder
        Where recordings go.
    procedure
        Name of the procedure to begin with.
    queue
        File of the queue; by default the user's.
    """

    def __init__(self, bench: BenchFile | None, folder: Path, procedure: str, queue: Path | None = None) -> None:
        super().__init__(bench, folder, procedure)
        self._queue = queue
        self.setWindowTitle("Set up runs" if bench is None else f"Set up runs on bench {bench.name}")
        self.resize(1180, 620)
        self.queue_requested.connect(self.put_on_queue)

    def put_on_queue(self, request: FormRequest) -> None:
        """Put a request on the queue, and say in place where it waits, or why not.

        Parameters
        ----------
        request
            What the form asks for.
        """
        try:
            bench = BenchFile.load(request.bench)
            number = RunQueue(self._queue).add(request.queue_request(), bench)
        except (ValueError, OSError) as error:
            self.say_refused(str(error))
            return
        self.say(f"Entry {number} of the queue. It runs when its turn comes: mtjlab queue run")


class FormOpener:
    """Opens one form, when it is first asked for.

    Parameters
    ----------
    bench
        Bench to run on.
    folder
        Where recordings go.
    begin
        Called with the request of one run that is to begin now; it may say by an InputError that it cannot.
    queue
        File of the queue; by default the user's.
    """

    def __init__(
        self,
        bench: BenchFile | None,
        folder: Path,
        begin: Callable[[FormRequest], None],
        queue: Path | None = None,
    ) -> None:
        self.window: FormWindow | None = None
        """The form; None until it is asked for."""
        self._bench, self._folder, self._begin, self._queue = bench, folder, begin, queue

    def open(self, procedure: str) -> None:
        """Show the form.

        Parameters
        ----------
        procedure
            Name of the procedure that it begins with.
        """
        if self.window is None:
            self.window = FormWindow(self._bench, self._folder, procedure, self._queue)
            self.window.start_requested.connect(self._start)
        self.window.show()
        self.window.raise_()

    def close(self) -> None:
        """Close the form."""
        if self.window is not None:
            self.window.close()

    def _start(self, request: FormRequest) -> None:
        assert self.window is not None
        if request.is_plan:
            self.window.put_on_queue(request)
            return
        try:
            self._begin(request)
        except InputError as error:
            self.window.say_refused(str(error))
