"""Symmetries of colour space: classifiers of coloured Fashion-MNIST whose answer is known, and of pieces of photographs, beside controls.

python benchmarks/colors.py [--sets known photographs] [--kinds hue channels bent none] [--seeds 0 1 2] [--work results/colors]

Every finished run is written at once to nbs/experiments/results/colors.json; runs that are there, made with the same settings, are not
repeated. Classifiers are kept in --work. Photographs: matplotlib's, and those of scikit-learn and scikit-image where these are installed.
"""
import argparse
import math
import sys
import time
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from zlib import crc32

import numpy as np
import torch
from PIL import Image
from torch.nn.functional import avg_pool2d, interpolate

from symnb.core.checks import header, machine, read_json, seeded, write_json
from symnb.data.images import Classifier, Images, distort, get_images, make_classifier, train_classifier
from symnb.discovery.learn import learn
from symnb.discovery.solve import smallest, solve, whiten
from symnb.geometry.fields import Basis, Field, affineness, principal_cosines
from symnb.tasks.color import TINTS, ColorTask
from symnb.tasks.core import norm_triangle

RGB = ("r", "g", "b")
SETTINGS = {
    "pixels": 16,      # of a picture, each way
    "palettes": {"hue": 40, "bent": 40, "channels": 100},  # classes: three colours each
    "noise": {"hue": .02, "bent": .02, "channels": .03},   # deviation of a picture's colours from its palette
    "contrast": .3,    # least factor of a channel's contrast
    "bend": 1.4,       # of the grey axis
    "training": 16000, "epochs": {"hue": 12, "bent": 12, "channels": 24, "none": 12},
    "side": 128, "regions": 4,  # shorter side of a photograph; its regions, each way: 16 classes
    "pale": .6,        # photographs' colours are drawn together about grey, so that hues can be turned inside of the cube
    "shown": 64, "asked": 128,  # pictures a task is given; others that are moved far
    "scale": .05, "far": .15,  # s of the task; s at which the classes are asked for
}
S = SETTINGS
BENT = f"({S['bend']}*((r+g+b-1.5)**2 - 0.18))"
KNOWN = {"hue": Field(["(b-g)*dr + (r-b)*dg + (g-r)*db"], RGB),
         "channels": Field([t for c in RGB for t in (f"d{c}", f"{c}*d{c}")], RGB),
         "bent": Field([f"(b-g+{BENT})*dr + (r-b-2*{BENT})*dg + (g-r+{BENT})*db"], RGB)}
NAMED = {"brightness": "dr + dg + db", "contrast": "(r-0.5)*dr + (g-0.5)*dg + (b-0.5)*db"} | TINTS
ACROSS = torch.tensor([[1., -1, 0], [1, 1, -2]])/torch.tensor([[2.], [6]]).sqrt()  # across the grey axis


def turn(x, g):
    "Each picture's hues turned about the grey axis by an angle from U(0, 2π)."
    a = 2*math.pi*torch.rand(len(x), 1, 1, generator=g)
    n = torch.full((3,), 3**-.5)
    cross = torch.linalg.cross(n.expand(3, 3), torch.eye(3)).T
    R = a.cos()*torch.eye(3) + (1 - a.cos())*torch.outer(n, n) + a.sin()*cross
    return torch.einsum("nij,njhw->nihw", R, x)


def channels(x, g):
    "Contrast and brightness of each channel of each picture, within the range."
    a = (math.log(S["contrast"])*torch.rand(len(x), 3, 1, 1, generator=g)).exp()
    return a*x + (1 - a)*torch.rand(len(x), 3, 1, 1, generator=g)


def bent(x, g):
    "Hues turned, then toned by lightness, lights and shadows the other way than the rest: a rotation about a bent axis."
    x = turn(x, g)
    q = S["bend"]*((x.sum(1) - 1.5).square() - .18)
    return x + torch.stack([q, 0*q, -q], 1)


def still(x, g):
    "Pictures as they are."
    return x


MOVES = {"hue": turn, "channels": channels, "bent": bent, "none": still}


def inside(colors):
    "Colours near the grey axis, so near that they stay in the cube when they are turned and toned: a double cone."
    light, z = colors.mean(-1, keepdim=True).clamp(.3, .7), colors@ACROSS.T
    z = z*((.3 - 1.2*(light - .5).abs())/z.norm(dim=-1, keepdim=True).clamp_min(1e-9)).clamp(max=1)
    return light + z@ACROSS


def palettes(kind, n, g):
    "Three random colours for each class, [n, 3, 3]; in the double cone where hues are turned."
    if kind == "channels": return torch.rand(n, 3, 3, generator=g)
    light, angle, far = torch.rand(3, n, 3, 1, generator=g)
    light, angle = .3 + .4*light, 2*math.pi*angle
    z = (.3 - 1.2*(light - .5).abs())*far.sqrt()*torch.cat([angle.cos(), angle.sin()], -1)
    return light + z@ACROSS


def coloured(kind, split, seed, n):
    "Two garments of Fashion-MNIST on a ground, in the three colours of a palette with some noise; the palette is the class."
    K, g = S["palettes"][kind], seeded(2*seed + (split == "test"))
    p, x = palettes(kind, K, seeded(7000 + seed)), avg_pool2d(get_images("fashion-mnist", split, pad=2).x, 32//S["pixels"])
    front, back = (x[torch.randint(len(x), (n,), generator=g)] for _ in range(2))
    y = torch.randint(K, (n,), generator=g)
    c = p[y] + S["noise"][kind]*torch.randn(n, 3, 3, generator=g)
    ground, one, two = (c.clamp(0, 1) if kind == "channels" else inside(c))[..., None, None].unbind(1)
    back = back.flip(-1)
    return Images((1 - front)*((1 - back)*ground + back*two) + front*one, y, [str(k) for k in range(K)], f"garments, {kind}")


SHIPPED = {"matplotlib": ("matplotlib", "mpl-data/sample_data", "grace_hopper.jpg"),
           "scikit-learn": ("sklearn", "datasets/images", "china.jpg", "flower.jpg"),
           "scikit-image": ("skimage", "data", "astronaut.png", "chelsea.png", "coffee.png")}  # package: module, folder, pictures


def photographs():
    "Those that installed packages ship, (package and version, name) -> [1, 3, h, w]."
    out = {}
    for package, (module, folder, *names) in SHIPPED.items():
        spec = find_spec(module)
        if spec is None: print(f"{package} is not installed: without {', '.join(names)}", flush=True)
        for name in names if spec else ():
            path = Path(spec.submodule_search_locations[0])/folder/name
            if not path.exists():
                print(f"this {package} ships no {name}: without it", flush=True)
                continue
            x = torch.from_numpy(np.array(Image.open(path).convert("RGB"))).float().movedim(-1, 0)[None]/255
            x = interpolate(x, scale_factor=S["side"]/min(x.shape[2:]), mode="bilinear", antialias=True).clamp(0, 1)
            out[f"{package} {version(package)}", name] = x
    return out


def pieces(photos, split, seed, n):
    "Pieces of photographs; the region is the class. Places for the test are not those for training, but the pieces overlap."
    g, k, h, x = seeded(2*seed + (split == "test")), S["regions"], S["pixels"], []
    every = list(photos.values())
    y = torch.randint(len(every)*k*k, (n,), generator=g)
    for c, u in zip(y.tolist(), torch.rand(n, 2, generator=g).tolist()):
        photo, cell = every[c//(k*k)], c % (k*k)
        H, W = (a//k for a in photo.shape[2:])
        i, j = int(u[0]*(H - h + 1)), int(u[1]*(W - h - 1))
        j += (-i - j) % 3 if split == "test" else (i + j) % 3 == 0  # every third diagonal is for the test
        i, j = i + cell//k*H, j + cell % k*W
        x.append(photo[0, :, i:i + h, j:j + h])
    names = [f"{name}, region {i}" for _, name in photos for i in range(k*k)]
    return Images(.5 + S["pale"]*(torch.stack(x) - .5), y, names, "pieces of photographs")


def cosines(task, V, W): return principal_cosines(V, W, task.points, task.weights, task.scales).tolist()


def measured(task, kind, found, seconds):
    "Cosines of the first slots with all known fields and with named ones, defects, affine-ness, angles, coefficients."
    k = KNOWN[kind].k if kind in KNOWN else 3
    coefs = found.field.coefs.detach().tolist() if isinstance(getattr(found.field, "base", None), Basis) else None
    with torch.no_grad(): angles = task.violation(found.field, S["scale"], torch.arange(len(task.images))).mean(0).tolist()
    return {"cosines": {n: cosines(task, found.field[:k], V) for n, V in KNOWN.items()},
            "named": {n: [cosines(task, found.field[[a]], Field(t, RGB))[0] for a in range(4)] for n, t in NAMED.items()},
            "defects": found.numbers["defect"].tolist(), "status": found.status, "violation": angles, "seconds": seconds,
            "affineness": affineness(found.field, task.points, task.weights, task.scales).tolist(), "coefs": coefs}


def smoothest(task, k):
    "The quadratic fields of smallest gradients: the first k, and those that tie with the last, for each comes in three components."
    basis, p = Basis.polynomial(RGB, 2), task.points
    w = (task.weights/task.weights.sum()).sqrt()[:, None, None]
    D = torch.cat([torch.func.jvp(basis, (p,), (e.expand_as(p),))[1]*w for e in torch.eye(3).to(p)]).flatten(0, 1)
    C = smallest(torch.linalg.qr(D, mode="r")[1], whiten(norm_triangle(task, basis)))[1]
    return basis.field(C[:, :3*math.ceil(k/3)])


def random_fields(task, n, seed):
    "Unit quadratic fields in random directions."
    basis = Basis.polynomial(RGB, 2)
    W = whiten(norm_triangle(task, basis))
    Y = torch.randn(W.shape[1], n, generator=seeded(seed), dtype=torch.float64)
    return basis.field(W@(Y/Y.norm(dim=0)))


def right(classifier, task, field, y):
    "Share of pictures that keep their class when moved to either side, for each slot; values that leave the range are not cut."
    size = norm_triangle(task, field).norm(dim=0)
    out = torch.zeros(field.k)
    for s in (-S["far"], S["far"]):
        for a, x in enumerate(task.transformed(field, s/size)):
            z = (x - torch.tensor(classifier.about["mean"])[:, None, None])/torch.tensor(classifier.about["std"])[:, None, None]
            with torch.no_grad(): out[a] += (classifier.module(z).argmax(1) == y).float().mean()/2
    return out.tolist()


def trained(work, which, train, kind, seed):
    "The classifier kept under these settings, or a new one and its CPU time."
    path = work/f"{which}_{kind}{seed}_{crc32(repr((SETTINGS, train.classes)).encode()):08x}.safetensors"
    if path.exists(): return Classifier.load(path), None
    path.parent.mkdir(parents=True, exist_ok=True)
    clock = time.process_time()
    out = train_classifier(train, distort=MOVES[kind], epochs=S["epochs"][kind], seed=seed, progress=False, device="cpu")
    out.save(path)
    return out, time.process_time() - clock


def searched(way, task, kind, slots, seed):
    "What one way finds, and its figures; learn reads the table of responses that solve has measured."
    clock = time.process_time()
    found = way(task, slots=slots, **({"seed": seed, "progress": False} if way is learn else {"basis": task.table().basis}))
    return found, measured(task, kind, found, time.process_time() - clock)


def run(which, kind, seed, sets, work):
    "Train, solve at the scale and to first order, learn; the same of an untrained network; what is merely smooth."
    train, test = (sets(split, n) for split, n in (("train", S["training"]), ("test", 2000)))
    classifier, took = trained(work, which, train, kind, seed)
    moved, k = distort(test, MOVES[kind], seed), KNOWN[kind].k if kind in KNOWN else 3
    out = {"classes": len(train.classes), "training s": took, "accuracy": classifier.accuracy(moved)}
    images, slots = moved.x[:S["shown"]], max(k, 4) + 2
    print(f"{which}, {kind}, seed {seed}: {took or 0:.0f} s of training, {out['accuracy']:.3f} right", flush=True)
    task = ColorTask(classifier.features, images, S["scale"], seed=seed)
    untrained = ColorTask(make_classifier(train, seed=seed).features, images, S["scale"], seed=seed)
    ways = {"solve": (task, solve), "first order": (task.at(0), solve), "learn": (task, learn), "untrained": (untrained, solve)}
    for name, (t, way) in ways.items():
        found, out[name] = searched(way, t, kind, slots, seed)
        if name == "solve": sym = found
        shown = out[name]["cosines"].get(kind, out[name]["defects"])
        print(f"      {name:12} {out[name]['seconds']:5.1f} s   " + " ".join(f"{c:.4f}" for c in shown), flush=True)
    out["smoothest"] = {n: cosines(task, smoothest(task, V.k), V) for n, V in KNOWN.items()}
    args = task.points, task.weights, task.scales
    out["known"] = {n: {"defects": task.relative(V)[0].tolist(), "affineness": affineness(V, *args).tolist()} for n, V in KNOWN.items()}
    fields = {"found": sym.field, "random": random_fields(task, 8, seed)} | ({"known": KNOWN[kind]} if kind in KNOWN else {})
    part = slice(S["shown"], S["shown"] + S["asked"])
    others = ColorTask(classifier.features, moved.x[part], colors=task.points, weights=task.weights)
    out["right"] = {n: right(classifier, others, V, moved.y[part]) for n, V in fields.items()} | {"still": classifier.accuracy(moved[part])}
    some = (255*torch.stack([test.x[:6], moved.x[:6]])).round().to(torch.uint8)
    out["pictures"] = {"shape": list(some.shape), "bytes": some.numpy().tobytes().hex()}
    return out


class File:
    "Finished runs, written after each; those with the same settings are kept."
    def __init__(self, path):
        self.path, self.runs = path, []
        self.about = {"command": " ".join(["python", *sys.argv]), "machine": machine(), "settings": SETTINGS}
        old = read_json(path) if path.exists() else {}
        if old.get("settings") == SETTINGS: self.runs = old["runs"]
        elif old: print(f"{path.name} was made with other settings: begun anew", flush=True)

    def has(self, key): return any(all(r.get(k) == v for k, v in key.items()) for r in self.runs)

    def add(self, run):
        self.runs.append(run)
        write_json(self.path, header("benchmark", **self.about, runs=self.runs))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", nargs="+", choices=("known", "photographs"), default=["known", "photographs"])
    parser.add_argument("--kinds", nargs="+", choices=list(MOVES), default=list(MOVES))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--work", type=Path, default=Path("results/colors"))
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent/"nbs/experiments/results/colors.json")
    a = parser.parse_args()
    torch.set_num_threads(1)
    file, photos = File(a.out), photographs() if "photographs" in a.sets else {}
    for seed in a.seeds:
        for which in a.sets:
            for kind in a.kinds:
                used = [list(k) for k in photos] if which == "photographs" else None
                key = {"set": which, "kind": kind, "seed": seed, "photographs": used}
                if kind == {"known": "none", "photographs": "bent"}[which] or file.has(key): continue
                if which == "known": sets = lambda split, n, k=kind, s=seed: coloured(k, split, s, n)
                else: sets = lambda split, n, s=seed: pieces(photos, split, s, n)
                file.add(key | run(which, kind, seed, sets, a.work))


if __name__ == "__main__":
    main()
