"""Symmetries of image features: exactly invariant maps, and classifiers trained on distorted Fashion-MNIST, beside their controls.

python benchmarks/images.py maps [--seeds 0 1 2]
python benchmarks/images.py classifiers [--kinds rotation affine] [--seeds 0 1 2] [--work results/images]
python benchmarks/images.py audit [--kinds affine rotation] [--seeds 0 1 2] [--train-n N] [--epochs N] [--shown N] [--asked N]
python benchmarks/images.py bent [--seeds 0 1 2]
python benchmarks/images.py starts [--seeds 0]
python benchmarks/images.py picture [--path FOLDER]

`audit` asks classifiers what they keep along the fields found in them, known and random ones, and how many moved pictures they tell right;
`bent` plants a symmetry that no cubic field is; `starts` trains fields along the flow on an untrained network from several starts.
`picture` writes down the one that is drawn, images_picture.json.
Every finished run is written at once to nbs/experiments/results/images_maps.json or images_KIND.json. Classifiers are kept in --work.
"""
import argparse
import re
import sys
import time
from dataclasses import replace
from pathlib import Path

import torch
from scipy.stats import spearmanr
from torchvision.transforms.v2.functional import gaussian_blur

from symnb.applications.audit import audit
from symnb.core.checks import header, machine, read_json, seeded, write_json
from symnb.data.images import Classifier, distort, get_images, make_classifier, pixel_grid, train_classifier
from symnb.data.invariants import Map, affine_moments, blobs, power_spectrum, rotation_moments, warped
from symnb.discovery.learn import IN_PLANE, learn, network
from symnb.discovery.solve import smallest, solve, whiten
from symnb.discovery.symmetries import Symmetries
from symnb.geometry.fields import Basis, Field, affine_basis, affineness, principal_cosines
from symnb.tasks.color import words
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
        self.about = {"command": re.sub(r" --(work|path) \S+", "", " ".join(["python", *sys.argv])), "machine": machine()}

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


def classified(a, kind, seed):
    "A classifier kept in --work or trained now, its seconds, the test pictures and these moved as its training pictures were."
    size = "".join(f"-{n}{getattr(a, n)}" for n in ("train_n", "epochs") if getattr(a, n))
    path, took = a.work/f"{kind}{seed}{size}.safetensors", None
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        some = get_images("fashion-mnist", n=a.train_n, seed=seed, pad=2, path=a.path)
        trained, (took, _) = timed(train_classifier, some, distort=kind, epochs=a.epochs, seed=seed, progress=False)
        trained.save(path)
    test = get_images("fashion-mnist", "test", pad=2, path=a.path)
    return Classifier.load(path), took, test, distort(test, kind, seed)


def logits(classifier):
    "What a classifier says of pictures [n, c, h, w], differentiably, [n, classes]."
    mean, std = (torch.tensor(classifier.about[k])[:, None, None] for k in ("mean", "std"))
    return lambda x: classifier.module((x - mean.to(x))/std.to(x))


def beside(task, found, known, seed):
    "Found, known and random cubic fields as one result, all of norm 1 under the task's measure."
    basis, k = found.field.base, known.k
    W, values = whiten(norm_triangle(task, basis)), task.points
    C = torch.linalg.lstsq(basis(values).flatten(0, 1).double(), known(values).flatten(0, 1).double()).solution
    random = W@torch.randn(W.shape[1], 8, generator=seeded(seed), dtype=torch.float64)
    C = torch.cat([found.field.coefs[:, :k].double(), C, random], 1)
    field = basis.field(C/norm_triangle(task, basis).double().matmul(C).norm(dim=0))
    kinds = ["found"]*k + ["known"]*k + ["random"]*8
    return kinds, Symmetries(field, ["approximate"]*field.k, {}, task.points, task.weights, task.scales)


FAR = .2  # how far pictures are moved in an audit, in half-frames


def audits(a):
    file = File("audit")
    file.runs = [r for r in file.before if [r["kind"], r["seed"]] not in [[k, s] for k in a.kinds for s in a.seeds]]
    for kind in a.kinds:
        known = Field.stack([f[[i]] for f in KNOWN[kind] for i in range(f.k)])
        for seed in a.seeds:
            classifier, _, test, moved = classified(a, kind, seed)
            order = torch.randperm(len(moved), generator=seeded(seed))
            images, others = moved[order[:a.shown]], moved[order[a.shown:a.shown + a.asked]]
            task = ImageTask(classifier.features, images.x, seed=seed)
            found = solve(task, Basis.polynomial(task.names, 3), slots=max(known.k, 4))
            kinds, sym = beside(task, found, known, seed)
            told = audit(logits(classifier), sym, others, s=FAR, slots=list(range(len(kinds))), seed=seed)
            rows = [{"what": k, "words": w, "first": r.first, "share": r.share, "right": r.off}
                    for k, w, r in zip(kinds, words(sym), told.lines)]
            rank = spearmanr([r["share"][0] for r in rows], [r["right"][0] for r in rows])
            run = {"kind": kind, "seed": seed, "training pictures": a.train_n, "epochs": a.epochs, "shown": a.shown, "asked": a.asked}
            run |= {"s": FAR, "accuracy": classifier.accuracy(test), "distorted": classifier.accuracy(moved), "own": told.own, "rows": rows}
            file.add(run | {"rank correlation": float(rank.statistic), "p": float(rank.pvalue), "audit": told.notes})
            print(f"{kind} {seed}: {told}\n      rank correlation with accuracy {rank.statistic:.2f}, p = {rank.pvalue:.1e}", flush=True)


def classifiers(a):
    for kind in a.kinds:
        file, known = File(kind), Field.stack([f[[i]] for f in KNOWN[kind] for i in range(f.k)])
        for seed in a.seeds:
            classifier, took, test, moved = classified(a, kind, seed)
            took = file.trained(seed) if took is None else took
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


WAVE = "0.12*sin(10*x)"  # by which the plane is sheared: too many bends for a cubic


def bent(a):
    "A rotation behind a wave: what any cubic field can reach, what `solve` finds among the cubics, what a network learns along the flow."
    file = File("bent")
    for seed in a.seeds:
        images = blobs(40, size=32, seed=seed, dtype=torch.float64)
        features = warped(rotation_moments(), Map.shear(WAVE)).like(images)
        known, task = Field.stack(list(features.known.values())), ImageTask(features, images, seed=seed)
        args, basis = (task.points, task.weights, task.scales), task.table().basis
        run = {"seed": seed, "map": f"rotation behind {WAVE}", "cubic at best": float(principal_cosines(known, basis, *args))}
        with torch.no_grad():
            size = norm_triangle(task, known).norm()
            run["violation, known"] = float(task.violation(known.combine([[1/float(size)]]), task.scale, torch.arange(40)).mean())
        leaving = LEAVING | {"steps": a.steps or LEAVING["steps"], "seed": seed}
        for name, way, more in (("solve", solve, {"basis": basis}), ("flow", learn, leaving)):
            found, took = timed(way, task, slots=1, **more)
            with torch.no_grad(): angle = float(task.violation(found.field[[0]], task.scale, torch.arange(40)).mean())
            run[name] = {"cosine": float(principal_cosines(found.field[[0]], known, *args)), "violation": angle, "cpu": float(took[1])}
        print(f"seed {seed}: cubics reach {run['cubic at best']:.4f}, solve finds {run['solve']['cosine']:.4f}, "
              f"the network {run['flow']['cosine']:.4f}; "
              f"angles {run['solve']['violation']:.4f}, {run['flow']['violation']:.4f}", flush=True)
        file.add(run)


LEAVING = {"objective": "flow", "steps": 600, "batch": 16, "progress": False, "penalties": replace(IN_PLANE, tau=2.)}  # gentler on slopes
FREE = replace(IN_PLANE, lip=0.)  # no weight on slopes
STARTS = {"network": (1., IN_PLANE), "rough": (6., IN_PLANE), "rough, free": (6., FREE), "cubic, free": (None, FREE)}


def start(task, factor, seed):
    "Six slots of a network whose first layer is multiplied by a factor; without one, random cubic fields, for which no smoothness speaks."
    if factor is None:
        basis = task.table().basis
        W = whiten(norm_triangle(task, basis))
        return basis.field(W@torch.randn(W.shape[1], 6, generator=seeded(seed), dtype=torch.float64).to(W))
    field = network(task, k=6, seed=seed, hidden=(64, 64), head=(16,))
    with torch.no_grad(): field.module.trunk.weights[0].mul_(factor)
    return field




def starts(a):
    "Fields along the flow from smoother and rougher starts, on a classifier and on a network before training."
    file = File("starts")
    for seed in a.seeds:
        classifier, _, _, moved = classified(a, "affine", seed)
        images = moved.x[torch.randperm(len(moved), generator=seeded(seed))[:a.shown]]
        plain = make_classifier(get_images("fashion-mnist", n=64, pad=2, path=a.path), seed=seed)
        for which, features in ("untrained", plain.features), ("trained", classifier.features):
            task = ImageTask(features, images, seed=seed)
            args = affine_basis(), task.points, task.weights, task.scales
            for name in a.starts:
                factor, penalties = STARTS[name]
                field = start(task, factor, seed)
                before = principal_cosines(field, *args).tolist()
                how = {"objective": "flow", "steps": a.steps or 600, "batch": a.batch, "penalties": penalties, "progress": False}
                found, took = timed(learn, task, slots=6, seed=seed, field=field, **how)
                run = {"network": which, "start": name, "seed": seed, "steps": found.log.step, "batch": a.batch, "before": before,
                       "after": principal_cosines(found.field[:6], *args).tolist(), "defects": found.numbers["defect"].tolist()}
                told = "; ".join(" ".join(f"{c:.3f}" for c in run[k]) for k in ("before", "after"))
                print(f"{which}, {name}, seed {seed}: {told}", flush=True)
                run["cpu"] = float(took[1])
                file.add(run)


def picture(a):
    image = get_images("fashion-mnist", "test", n=9, seed=3, path=a.path).x[2, 0]
    rows = [bytes(r).hex() for r in (image*255).round().byte().tolist()]
    source = "Fashion-MNIST, test picture; copyright 2017 Zalando SE, MIT licence, https://github.com/zalandoresearch/fashion-mnist"
    write_json(RESULTS/"images_picture.json", {"command": "python benchmarks/images.py picture", "source": source, "hex rows": rows})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("maps", "classifiers", "audit", "bent", "starts", "picture"))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--kinds", nargs="+", choices=list(KNOWN), default=list(KNOWN))
    parser.add_argument("--work", type=Path, default=Path("results/images"))
    parser.add_argument("--path", type=Path, help="of the data set, where it is not found by itself")
    parser.add_argument("--train-n", type=int, help="training pictures, at random (all)")
    parser.add_argument("--epochs", type=int, help="of the classifiers (as `train_classifier` has them)")
    parser.add_argument("--starts", nargs="+", choices=list(STARTS), default=list(STARTS), help="of `starts` (all)")
    parser.add_argument("--steps", type=int, help="along the flow, of `bent` and `starts` (600)")
    parser.add_argument("--batch", type=int, default=64, help="pictures a step of `starts` (%(default)s)")
    parser.add_argument("--shown", type=int, default=N, help="pictures of an audit that fields are found on (%(default)s)")
    parser.add_argument("--asked", type=int, default=1000, help="other pictures that the audit asks about (%(default)s)")
    a = parser.parse_args()
    torch.set_num_threads(1)
    {"maps": maps, "classifiers": classifiers, "audit": audits, "bent": bent, "starts": starts, "picture": picture}[a.what](a)


if __name__ == "__main__":
    main()
