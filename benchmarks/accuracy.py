"""What augmentation brings a classifier: none, mirror and crop, affine generators, and generators found from the same pictures.

python benchmarks/accuracy.py [--kinds affine plain] [--sizes 250 1000 5000] [--seeds 0 1 2 3 4] [--scales .05 .1] [--out FILE] [--small]

Fashion-MNIST as it is, and with every picture moved once by a random affine map, training and test pictures alike.
For each seed and size: a training set and 2000 other pictures to choose the scale on, drawn at random; test pictures are never augmented.
Found generators come from the classifier that was trained on the same pictures without augmentation: no other pictures are used.
"found (all)", on moved pictures only: from the classifier of 60,000 pictures that benchmarks/images.py keeps in --work, if it is there.
Every training is written at once to nbs/experiments/results/accuracy.json; what is there already is not run again.
"""
import argparse
import sys
import time
from pathlib import Path

import torch

from symnb.applications.images import RandomSymmetry, affine_generators
from symnb.core.checks import header, machine, read_json, write_json
from symnb.data.images import Classifier, distort, get_images, train_classifier
from symnb.discovery.solve import solve
from symnb.geometry.fields import Basis, affine_basis, affineness, principal_cosines
from symnb.tasks.image import ImageTask

RESULTS = Path(__file__).parent.parent/"nbs/experiments/results"
SCALES, SLOTS, SHOWN, CHOOSE = (.05, .1), 6, 250, 2000  # largest coefficient; generators; pictures of the task, of the choice
SIZES, SEEN = (250, 1000, 5000), 60000  # training pictures; how many of them a training sees, repeats counted


class File:
    "Runs of one command, written after each."
    def __init__(self, path, small):
        self.path, self.about = path, {"command": " ".join(["python", *sys.argv]), "machine": machine(), "small": small}
        self.runs = read_json(path)["runs"] if path.exists() else []

    def find(self, **key): return next((r for r in self.runs if all(r.get(k) == v for k, v in key.items())), None)

    def add(self, run):
        self.runs.append(run)
        write_json(self.path, header("benchmark", **self.about, slots=SLOTS, seen=SEEN, runs=self.runs))


def found(classifier, images, seed):
    "Six fields that the features of a classifier feel least, and how affine they are."
    task = ImageTask(classifier.features, images.x[:SHOWN], seed=seed)
    sym = solve(task, Basis.polynomial(task.names, 3), slots=SLOTS)
    args = task.points, task.weights, task.scales
    return sym, {"cosines": principal_cosines(sym.field[:SLOTS], affine_basis(), *args).tolist(),
                 "affineness": affineness(sym.field[:SLOTS], *args).tolist()}


def trained(file, key, images, moved, epochs, choose, test):
    "Accuracies of one training, from the file if they are there; and the classifier if it had to be trained."
    run = file.find(**key)
    if run: return run, None
    began = time.perf_counter()
    classifier = train_classifier(images, distort=moved, epochs=epochs, seed=key["seed"], batch=64, progress=False)
    run = key | {"seconds": time.perf_counter() - began, "chosen on": classifier.accuracy(choose), "test": classifier.accuracy(test)}
    print(*key.values(), f"{run['test']:.4f}   {run['seconds']:.0f} s", flush=True)
    return run, classifier


def found_in_all(work, images):
    "Fields found in the features of a classifier of all pictures, or None."
    path = work/"affine0.safetensors"
    if path.exists(): return found(Classifier.load(path), images, 0)[0]
    print(f"{path} is not there: python benchmarks/images.py classifiers --kinds affine --seeds 0")


def size(file, kind, n, seed, pool, test, epochs, best, scales):
    "All trainings on n pictures; `best`: fields from all pictures, or None."
    images, rest = pool.split(n, seed)
    choose, key = rest[:CHOOSE], dict(kind=kind, n=n, seed=seed)

    def one(way, scale, moved):
        run, classifier = trained(file, key | dict(way=way, scale=scale), images, moved, epochs, choose, test)
        if classifier: file.add(run)
        return classifier

    ways = [("found", s) for s in scales]
    plain = one("none", None, None)
    one("default", None, "flip-crop")
    for s in scales: one("affine", s, affine_generators(s).distortion())
    for s in scales if best else (): one("found (all)", s, RandomSymmetry(best, s, slots=range(SLOTS)).distortion())
    if all(file.find(**key, way=w, scale=s) for w, s in ways): return
    plain = plain or train_classifier(images, epochs=epochs, seed=seed, batch=64, progress=False)
    sym, about = found(plain, images, seed)
    if not file.find(**key, way="fields"): file.add(key | {"way": "fields", "scale": None} | about)
    for s in scales: one("found", s, RandomSymmetry(sym, s, slots=range(SLOTS)).distortion())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    parser.add_argument("--kinds", choices=("affine", "plain"), nargs="+", default=["affine", "plain"])
    parser.add_argument("--scales", type=float, nargs="+", default=SCALES)
    parser.add_argument("--out", type=Path, default=RESULTS/"accuracy.json")
    parser.add_argument("--work", type=Path, default=Path("results/images"))
    parser.add_argument("--small", action="store_true", help="two epochs, to see that it runs")
    a = parser.parse_args()
    torch.set_num_threads(1)
    pool, test = get_images("fashion-mnist", pad=2), get_images("fashion-mnist", "test", pad=2)
    file = File(a.out, a.small)
    for kind in a.kinds:
        for seed in a.seeds:
            sets = (pool, test) if kind == "plain" else (distort(pool, kind, seed), distort(test, kind, seed + 1000))
            best = found_in_all(a.work, sets[0]) if kind == "affine" else None
            for n in a.sizes: size(file, kind, n, seed, *sets, 2 if a.small else max(1, SEEN//n), best, a.scales)


if __name__ == "__main__":
    main()
