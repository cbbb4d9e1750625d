"""Symmetries of image features: exactly invariant maps, and classifiers trained on distorted Fashion-MNIST, beside their controls.

python benchmarks/images.py maps [--seeds 0 1 2]
python benchmarks/images.py classifiers [--kinds rotation affine] [--seeds 0 1 2] [--work results/images]
python benchmarks/images.py picture [--path FOLDER]

`picture` writes down the one that is drawn, images_picture.json.
Every finished run is written at once to nbs/experiments/results/images_maps.json or images_KIND.json. Classifiers are kept in --work.
"""
import argparse
import re
import sys
import time
from pathlib import Path

import torch
from torchvision.transforms.v2.functional import gaussian_blur

from symnb.core.checks import header, machine, read_json, write_json
from symnb.data.images import Classifier, distort, get_images, make_classifier, pixel_grid, train_classifier
from symnb.data.invariants import Map, affine_moments, blobs, power_spectrum, rotation_moments, warped
from symnb.discovery.learn import learn, network
from symnb.discovery.solve import smallest, solve, whiten
from symnb.geometry.fields import Basis, Field, affine_basis, affineness, principal_cosines
from symnb.tasks.core import norm_triangle
from symnb.tasks.image import APART, LIGHT, ImageTask

RESULTS = Path(__file__).parent.parent/"nbs/experiments/results"
BENDS = {"rotation bent by x²": (rotation_moments, "x**2"), "translations bent by 2x³": (power_spectrum, "2*x**3")}
MAPS = {"translations": power_spectrum, "rotation": rotation_moments, "affine maps": affine_moments}
MAPS |= {name: (lambda make=make, bend=bend: warped(make(), Map.shear(bend))) for name, (make, bend) in BENDS.items()}
KNOWN = {"rotation": [Field("x*dy - y*dx", ("x", "y"))], "affine": [affine_basis()]}
N = 600  # pictures that are shown
GRID = 16  # points a side at which learned fields are written down


def measured(task, known, found, seconds):
    "Cosines of the first slots with known fields, defects, affine-ness, violation at the task's scale."
    args, k = (task.points, task.weights, task.scales), known.k
    first = found.field[:k]
    numbers = {n: v.tolist() for n, v in found.numbers.items()}
    coefs = first.coefs.detach().tolist() if isinstance(getattr(first, "base", None), Basis) else None
    out = {"cosines": principal_cosines(first, known, *args).tolist(), "seconds": float(seconds[0]), "cpu": float(seconds[1]),
           "numbers": numbers, "status": found.status,
           "affineness": affineness(found.field, *args).tolist(), "coefs": coefs}
    if task.scale:
        batch = next(task.batches(0, 128))
        with torch.no_grad(): out["violation"] = task.violation(found.field, task.scale, batch).mean(0).tolist()
    return out


def timed(f, *args, **kw):
    "What f returns, and its wall and processor seconds."
    wall, cpu = time.perf_counter(), time.process_time()
    out = f(*args, **kw)
    return out, torch.tensor([time.perf_counter() - wall, time.process_time() - cpu])


def both(features, images, known, seed, scale, slots):
    "Solved and learned with default settings; on the same tables, solved with the light weight on gradients and learned without it."
    out = {}
    for name, way, other in ("solve", solve, "solve, smooth"), ("learn", learn, "learn, plain"):
        task, began = timed(ImageTask, features, images, scale, seed=seed)
        more = {"seed": seed, "progress": False} if way is learn else {"basis": Basis.polynomial(task.names, 3)}
        for key, smooth in (name, None), (other, LIGHT[1] if way is solve else 0.):
            task.smooth = smooth
            found, took = timed(way, task, slots=slots, **more)
            out[key], began = measured(task, known, found, began + took), 0.  # the second finds the task there
            print(f"      {key:14} {took[0]:5.1f} s ({took[1]:.1f})   " + " ".join(f"{c:.5f}" for c in out[key]["cosines"]), flush=True)
    return out


def along(features, images, known, seed, scale, slots):
    "Learned by the paper's objective, with default settings, and what its network says before the first step."
    task, began = timed(ImageTask, features, images, scale, seed=seed)
    task.table()  # what responses are compared with afterwards
    found, took = timed(learn, task, slots=slots, seed=seed, objective="flow", progress=False)
    out = measured(task, known, found, began + took) | {"steps": found.log.step}
    with torch.no_grad(): out["values"] = (found.field(pixel_grid(GRID, GRID)).double()*1e4).round().div(1e4).tolist()  # to be drawn
    sizes = {n: found.about["learned"][n] for n in ("hidden", "head")}
    start = network(task, k=slots, seed=seed, **sizes)[:known.k]
    out["start"] = principal_cosines(start, known, task.points, task.weights, task.scales).tolist()
    print(f"      learn, flow    {took[0]:5.1f} s ({took[1]:.1f})   " + " ".join(f"{c:.5f}" for c in out["cosines"]), flush=True)
    return out


def smoothest(task, known):
    "Cosines of known fields with the cubic fields of smallest gradients: what a weight on smoothness alone would rank first."
    task = ImageTask(task.features, task.images[:32], task.scale, weights=task.weights.reshape(task.h, task.w), smooth=1.)
    basis = Basis.polynomial(task.names, 3)
    C = smallest(task.gradients(basis), whiten(norm_triangle(task, basis)))[1]
    return principal_cosines(basis.field(C[:, :known.k]), known, task.points, task.weights, task.scales).tolist()


class File:
    "Runs of one command, written after each."
    def __init__(self, name):
        self.path, self.runs = RESULTS/f"images_{name}.json", []
        self.before = read_json(self.path)["runs"] if self.path.exists() else []
        self.about = {"command": re.sub(r" --work \S+", "", " ".join(["python", *sys.argv])), "machine": machine()}

    def trained(self, seed): # seconds that the kept classifier took, if they were written down
        return next((r["training s"] for r in self.before if r["seed"] == seed), None)

    def add(self, run):
        self.runs.append(run)
        write_json(self.path, header("benchmark", **self.about, runs=self.runs))


def maps(a):
    file = File("maps")
    for seed in a.seeds:
        real = get_images("fashion-mnist", n=60, seed=seed, pad=10).x.double()
        sets = {"Gaussians": blobs(60, size=32, seed=seed, dtype=torch.float64), "Fashion-MNIST": real,
                "Fashion-MNIST, blurred": gaussian_blur(real, [9, 9], [1., 1.])}  # by one pixel, so that pixels resolve it
        for pictures, images in sets.items():
            for name, make in MAPS.items():
                print(f"{name}, {pictures}, seed {seed}", flush=True)
                features = make().like(images)
                known = Field.stack(list(features.known.values()))
                task = ImageTask(features, images, 0., seed=seed)
                truth = task.relative(known)[0].tolist()  # what discretisation leaves of the known fields' defect
                file.add({"map": name, "pictures": pictures, "seed": seed, "known defects": truth, "smoothest": smoothest(task, known)}
                         | both(features, images, known, seed, 0., known.k))


def classifiers(a):
    for kind in a.kinds:
        file, known = File(kind), Field.stack([f[[i]] for f in KNOWN[kind] for i in range(f.k)])
        for seed in a.seeds:
            path, took = a.work/f"{kind}{seed}.safetensors", file.trained(seed)
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                trained, (took, _) = timed(train_classifier, get_images("fashion-mnist", pad=2), distort=kind, seed=seed, progress=False)
                trained.save(path)
            classifier, test = Classifier.load(path), get_images("fashion-mnist", "test", pad=2)
            moved = distort(test, kind, seed)
            run = {"kind": kind, "seed": seed, "training s": took and float(took)}
            run |= {"accuracy": classifier.accuracy(test), "distorted": classifier.accuracy(moved)}
            print(f"{kind} {seed}: trained in {took or 0:.0f} s, {run['accuracy']:.4f} plain, {run['distorted']:.4f} distorted", flush=True)
            images = moved.x[torch.randperm(len(moved), generator=torch.Generator().manual_seed(seed))[:N]]
            run |= {"trained": both(classifier.features, images, known, seed, APART, max(known.k, 4))}
            run["trained"]["learn, flow"] = along(classifier.features, images, known, seed, APART, max(known.k, 4))
            untrained = make_classifier(get_images("fashion-mnist", n=64, pad=2), seed=seed)
            task = ImageTask(untrained.features, images, seed=seed)
            sym, took = timed(solve, task, Basis.polynomial(task.names, 3), slots=max(known.k, 4))
            run |= {"untrained": measured(task, known, sym, took), "smoothest": smoothest(task, known)}
            run["untrained, flow"] = along(untrained.features, images, known, seed, APART, max(known.k, 4))
            print("      untrained             " + " ".join(f"{c:.4f}" for c in run["untrained"]["cosines"]), flush=True)
            print("      smoothest             " + " ".join(f"{c:.4f}" for c in run["smoothest"]), flush=True)
            file.add(run)


def picture(a):
    image = get_images("fashion-mnist", "test", n=9, seed=3, path=a.path).x[2, 0]
    rows = [bytes(r).hex() for r in (image*255).round().byte().tolist()]
    source = "Fashion-MNIST, test picture; copyright 2017 Zalando SE, MIT licence, https://github.com/zalandoresearch/fashion-mnist"
    write_json(RESULTS/"images_picture.json", {"command": "python benchmarks/images.py picture", "source": source, "hex rows": rows})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("maps", "classifiers", "picture"))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--kinds", nargs="+", choices=list(KNOWN), default=list(KNOWN))
    parser.add_argument("--work", type=Path, default=Path("results/images"))
    parser.add_argument("--path", type=Path, help="of the picture's data set, where it is not found by itself")
    a = parser.parse_args()
    torch.set_num_threads(1)
    {"maps": maps, "classifiers": classifiers, "picture": picture}[a.what](a)


if __name__ == "__main__":
    main()
