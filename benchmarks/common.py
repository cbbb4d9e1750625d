"""What several benchmarks share: their arguments, a limit of time, and how results are written."""

import argparse
import signal
import sys
from contextlib import contextmanager
from pathlib import Path

import torch

from symnb.core.checks import header, machine, write_json

RESULTS = Path(__file__).parent.parent / "nbs/experiments/results"


def arguments(about, name, **given):
    "Arguments by their defaults, lists as several words, and where results go; work is done in one thread."
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    for key, value in given.items():
        several = isinstance(value, list)
        kind = str if several else type(value)
        parser.add_argument(f"--{key}", type=kind, default=value, nargs="+" if several else None, help="" if several else f"({value})")
    parser.add_argument("--out", type=Path, default=RESULTS / f"{name}.json")
    torch.set_num_threads(1)
    return parser.parse_args()


def cells_and_seeds(about, cells, seeds, out):
    "A parser for cells that are measured seed by seed: which cells, how many seeds, from which on, and where results go; for one thread."
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cells", nargs="*", choices=[*cells, []], help="all by default")
    parser.add_argument("--seeds", type=int, default=seeds)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--out", type=Path, default=out)
    torch.set_num_threads(1)
    return parser


def write(a, **found):
    "Results beside the command, its numbers and the machine."
    numbers = {k: v for k, v in vars(a).items() if isinstance(v, int | float)}
    write_json(a.out, header("benchmark", command=" ".join(["python", *sys.argv]), machine=machine(), **numbers, **found))


class OutOfTime(Exception): "A stage that takes longer than it may."


@contextmanager
def limited(seconds):
    "OutOfTime in a block that takes longer, in processor time."
    def stop(*_): raise OutOfTime
    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try: yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
