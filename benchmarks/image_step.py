"""The published inner loop on pictures beside what a table of responses costs: time, memory, network evaluations.

python benchmarks/image_step.py [--slots 10] [--batch 128] [--size 32] [--threads 2] [--json nbs/experiments/results/image_step.json]

The published step (Ko, Kim & Lee 2024): a neural field of so many slots is flowed by one random s each, every picture is resampled for
every slot, all pass through ResNet-18, and the angle between features is differentiated back to the field. It is run slot by slot, so
that its memory is that of one slot; the gradients are the same. The table of `ImageTask` needs passes forwards alone, once.
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
from symnb.discovery.learn import learn
from symnb.geometry.neural import NeuralField
from symnb.tasks.image import TRIALS, ImageTask, angle, unit_features

RESULTS = Path(__file__).parent.parent/"nbs/experiments/results/image_step.json"


def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss/2**20  # GB


def counted(features, count):
    def f(images):
        count[0] += len(images)
        return features(images)
    return f


def published(task, slots, batch):
    "One step forwards and backwards."
    field = NeuralField(("x", "y"), k=slots, hidden=(256, 256), head=(32,), scales=task.scales)
    s = .4*(2*torch.rand(slots, generator=torch.Generator().manual_seed(0)) - 1).double()
    for a in range(slots):
        moved = next(task.transformed(field[[a]], s[a:a + 1], batch))
        angle(unit_features(task.features(moved)), task.seen[batch]).mean().backward()
    return sum(float(p.grad.square().sum()) for p in field.module.parameters() if p.grad is not None)


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
        f()
        rows.append({"what": what, "s": time.perf_counter() - clock, "peak GB": peak(), "evaluations": count[0]})
        print(f"{what:56} {rows[-1]['s']:8.2f} s  {peak():5.2f} GB  {count[0]:7} evaluations", flush=True)

    every = torch.arange(a.batch)
    row(f"table of all cubic fields, once ({2*TRIALS*20} passes forwards)", task.table)
    row("100 steps of closed heads on it", lambda: learn(task, slots=6, steps=100, early=False, progress=False))
    row(f"one published step: {a.slots} slots, batch {a.batch}, back and forth", lambda: published(task, a.slots, every))
    table, learned, step = (r["s"] for r in rows)
    print(f"one published step takes {step/table:.2f} times as long as the table, {100*step/learned:.0f} times a step on it")
    command = " ".join(["python", *sys.argv])
    write_json(a.json, header("benchmark", command=command, threads=a.threads, machine=machine(), rows=rows))


if __name__ == "__main__":
    main()
