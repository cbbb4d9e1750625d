"""The paper's loop on pictures (`learn`, objective="flow") beside a table of responses: time, memory, network evaluations.

python benchmarks/image_step.py [--slots 10] [--batch 128] [--size 32] [--threads 2] [--json nbs/experiments/results/image_step.json]

A step of the paper (Ko, Kim & Lee 2024): a neural field of so many slots is flowed by one random s each, every picture is resampled for
every slot, all pass through ResNet-18, and the angle between features is differentiated back to the field. `learn` runs it slot by slot,
so its memory is that of one slot. The table of `ImageTask` needs passes forwards alone, once.
"""
import argparse
import resource
import sys
import time
from pathlib import Path

import torch

from symnb.core.checks import header, machine, write_json
from symnb.data.images import Images, make_classifier
from symnb.data.invariants import blobs
from symnb.discovery.learn import PAPER_PICTURES, learn
from symnb.tasks.image import ROUNDS, TRIALS, ImageTask

RESULTS = Path(__file__).parent.parent/"nbs/experiments/results/image_step.json"


def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss/2**20  # GB


def counted(features, count):
    def f(images):
        count[0] += len(images)
        return features(images)
    return f


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in (("slots", 10), ("batch", 128), ("size", 32), ("threads", 2)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--json", type=Path, default=RESULTS)
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    pictures, count, rows = blobs(a.batch, size=a.size, channels=3, seed=0), [0], []
    net = make_classifier(Images(pictures, torch.arange(a.batch) % 10), "resnet18", seed=0)
    task = ImageTask(counted(net.features, count), pictures, weights=torch.ones(a.size, a.size))
    task.features(pictures[:8])

    def row(what, f):
        count[0], clock = 0, time.perf_counter()
        seconds = f()
        rows.append({"what": what, "s": seconds or time.perf_counter() - clock, "peak GB": peak(), "evaluations": count[0]})
        print(f"{what:56} {rows[-1]['s']:8.2f} s  {peak():5.2f} GB  {count[0]:7} evaluations", flush=True)

    def learned(**how):  # seconds of the steps alone
        return learn(task, slots=a.slots, early=False, progress=False, **how).log.rows[-1]["seconds"]

    def table(): task.table()
    row(f"table of all cubic fields, once ({2*(TRIALS + ROUNDS)*20} passes forwards)", table)
    row("100 steps of closed heads on it", lambda: learned(steps=100))
    settings = {n: v for n, v in PAPER_PICTURES.items() if n != "slots"} | {"batch": a.batch, "steps": 1}
    row(f"one step along the flow: {a.slots} slots, batch {a.batch}, back and forth", lambda: learned(**settings))
    first, closed, step = (r["s"] for r in rows)
    print(f"one step along the flow takes {step/first:.2f} times as long as the table, {100*step/closed:.0f} times a step on it")
    command = " ".join(["python", *sys.argv])
    write_json(a.json, header("benchmark", command=command, threads=a.threads, machine=machine(), rows=rows))


if __name__ == "__main__":
    main()
