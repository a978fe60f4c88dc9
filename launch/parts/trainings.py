"""What launch/lab and launch/sweep share: configurations and runs as they lie on disk, and requests to stop."""

import contextlib
import json
import os
import re
import signal

# Exit codes of seve and launch/local; the last two of a training killed by a second Ctrl-C or TERM.
USAGE_ERROR, NUMERICAL_FAILURE, STOPPED_ON_REQUEST = 2, 5, 75
KILLED = (130, 143)


def configuration_texts(path):
    """The text of a configuration and of those it is based on; OSError where one cannot be read."""
    text = path.read_text()
    base = re.search(r'^base: *"(.*)"', text, re.MULTILINE)
    return [text, *(configuration_texts(path.parent / base[1]) if base else [])]


def metrics_of(run):
    """The lines of a run's metrics.jsonl; one that is being written is left out."""
    lines = []
    with contextlib.suppress(OSError):
        for line in (run / "metrics.jsonl").read_text().splitlines():
            with contextlib.suppress(json.JSONDecodeError):
                lines.append(json.loads(line))
    return lines


class Interrupts:
    """Hands requests to stop on to the training that runs, and remembers that there was one."""

    def __init__(self):
        self.child, self.asked, self.told = None, False, False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1):
            signal.signal(number, self.hear)

    def hear(self, number, _):
        self.asked = True
        if self.child:
            self.told = True
            # Slurm tells all processes of a job's script: from here it would be the second time, which kills.
            if number == signal.SIGTERM and "SLURM_JOB_ID" in os.environ:
                number = signal.SIGUSR1
            self.child.send_signal(number)

    def follow(self, child):
        self.child = child
        # Asked while it was being started.
        if self.asked and not self.told:
            child.terminate()
