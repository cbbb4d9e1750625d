"""Ten named equations that are not in the atlas, drawn at random from a list, solved with nothing changed; whatever comes out is told.

python benchmarks/handbook.py [--draws 10] [--seed 2026] [--out nbs/experiments/results/handbook.json]

The list has the names of an encyclopaedia's list of nonlinear partial differential equations, without what is nonlocal or in the atlas, and
some more; it was complete before the first draw. `solve`, `prove` and `certify` are the public calls with all defaults.
"""

import random
import sys
import time

from atlas import LIMIT
from common import OutOfTime, arguments, limited, write

from symnb import ATLAS, Equation, solve
from symnb.core.checks import SymnbError
from symnb.numerics.multipliers import exact_symmetries

PSI = {"complex_fields": ("psi",)}
SPACE = {"independent": ("t", "x", "y", "z")}
LIST = {  # name -> text, settings
    "Bateman": ("u_x**2*u_tt - 2*u_x*u_t*u_tx + u_t**2*u_xx = 0", {}),
    "Benney-Roskes": ("I*psi_t + psi_xx + psi_yy = abs(psi)**2*psi + psi*w_x; w_xx + w_yy = diff(abs(psi)**2, x)", PSI),
    "Bogoyavlensky-Konopelchenko": ("u_tx + 6*u_x*u_xx + u_xxxx + 4*u_y*u_xx + 4*u_x*u_xy + u_xxxy = 0", {}),
    "Bogoyavlensky": ("4*u_xt + u_xxxy + 4*u_x*u_xy + 2*u_xx*u_y = 0", {}),
    "Broer-Kaup": ("u_ty = diff(2*u*u_x - u_xx, y) + 2*v_xx; v_t = diff(2*u*v, x) + v_xx", {}),
    "Buckley-Leverett": ("u_t + diff(u**2/(u**2 + (1 - u)**2), x) = 0", {}),
    "Burgers-Huxley": ("u_t + u*u_x = u_xx + u*(1 - u)*(u - 1/4)", {}),
    "Calogero-Degasperis-Fokas": ("u_t = u_xxx - u_x**3/8 + u_x*(exp(u) + exp(-u))", {}),
    "Carleman": ("u_t + u_x = v**2 - u**2; v_t - v_x = u**2 - v**2", {}),
    "Chafee-Infante": ("u_t = u_xx + 3*(u - u**3)", {}),
    "Clarke": ("u_tt - u_t*exp(u)/2 = u_xx - exp(u)/2", {}),
    "combustion front": ("u_t + u_x**2/2 = u_xx + u**2", {}),
    "dispersive long waves": ("u_t = diff(u**2 - u_x + 2*w, x); w_t = diff(2*u*w + w_x, x)", {}),
    "Drinfeld-Sokolov-Wilson": ("u_t = 3*v*v_x; v_t = 2*v_xxx + 2*u*v_x + u_x*v", {}),
    "Eckhaus": ("I*psi_t + psi_xx + 2*diff(abs(psi)**2, x)*psi + abs(psi)**4*psi = 0", PSI),
    "Estevez-Mansfield-Clarkson": ("u_tyyy + u_y*u_yt + u_yy*u_t + u_tt = 0", {}),
    "Foppl-von Karman": ("u_xxxx + 2*u_xxyy + u_yyyy = u_xx*v_yy + u_yy*v_xx - 2*u_xy*v_xy; "
                         "v_xxxx + 2*v_xxyy + v_yyyy = u_xy**2 - u_xx*u_yy", {}),
    "Fujita-Storm": ("u_t = diff(u_x/u**2, x)", {"positive": ("u",)}),
    "G equation": ("g_t + g_x = (g_x**2 + g_y**2)**(1/2)", {}),
    "Gross-Pitaevskii": ("I*psi_t = -lap(psi)/2 + (x**2 + y**2)/2*psi + abs(psi)**2*psi", PSI),
    "Guzman": ("u_t + x*u_x + u_xx + u_x**2 = 0", {}),
    "Hasegawa-Mima": ("diff(lap(p) - p, t) - p_y*diff(lap(p) - p, x) + p_x*diff(lap(p) - p, y) = 0", {}),
    "Heisenberg ferromagnet": ("u_t = v*w_xx - w*v_xx; v_t = w*u_xx - u*w_xx; w_t = u*v_xx - v*u_xx", {}),
    "Hicks": ("p_rr - p_r/r + p_zz = r**2*p - p**3", {"positive": ("r",), "independent": ("r", "z")}),
    "Ito": ("u_t = u_xxx + 6*u*u_x + 2*v*v_x; v_t = 2*diff(u*v, x)", {}),
    "Jimbo-Miwa": ("u_xxxy + 3*u_xy*u_x + 3*u_y*u_xx + 2*u_yt = 3*u_xz", SPACE),
    "Kaup": ("f_x = 2*f*g*c*(x - t); g_t = 2*f*g*c*(x - t)", {"params": {"c": 1}}),
    "Klein-Gordon-Maxwell": ("u_xx + u_yy = (1 + v**2)*u + u**3; v_xx + v_yy = v*u**2", {}),
    "Khokhlov-Zabolotskaya-Kuznetsov": ("u_tx = diff(u*u_x, x) + u_xxx + u_yy", {}),
    "Krichever-Novikov": ("u_t = u_xxx - 3*u_xx**2/(2*u_x) + (u**3 + 1)/u_x", {}),
    "Landau-Lifshitz, easy axis": ("u_t = v*w_xx - w*v_xx + v*w; v_t = w*u_xx - u*w_xx - u*w; w_t = u*v_xx - v*u_xx", {}),
    "Lin-Tsien": ("2*u_tx + u_x*u_xx = u_yy", {}),
    "Liouville-Bratu-Gelfand": ("lap(u) + exp(u) = 0", {"independent": ("x", "y")}),
    "logarithmic Schroedinger": ("I*psi_t + psi_xx + psi*log(abs(psi)**2) = 0", PSI),
    "Maccari": ("I*psi_t + psi_xx + v*psi = 0; v_y = diff(abs(psi)**2, x)", PSI),
    "modified Kadomtsev-Petviashvili": ("u_tx = u_xxxx - 6*u_x**2*u_xx + 3*u_yy - 6*u_xx*u_y", {}),
    "modified Korteweg-de Vries-Burgers": ("u_t + u_xxx - a*u**2*u_x - b*u_xx = 0", {"params": {"a": 6, "b": 1}}),
    "Nagumo": ("u_t = u_xx + u*(1 - u)*(u - a)", {"params": {"a": "1/5"}}),
    "Newell-Whitehead-Segel": ("u_t = 5*u - 3*u**2 + u_xx", {}),
    "Nizhnik": ("u_t = u_xxx + u_yyy + 3*diff(u*v, x) + 3*diff(u*w, y); u_x = w_y; u_y = v_x", {}),
    "Ostrovsky": ("diff(u_t + u*u_x + u_xxx, x) = u", {}),
    "Pohlmeyer-Lund-Regge": ("u_xx - u_yy = sin(u)*cos(u) + cos(u)/sin(u)**3*(v_x**2 - v_y**2); "
                             "diff(v_x*cos(u)**2/sin(u)**2, x) = diff(v_y*cos(u)**2/sin(u)**2, y)", {}),
    "Rayleigh": ("u_tt - u_xx = u_t - u_t**3", {}),
    "Richards": ("s_t = diff(s**3*(s_x/s**2 + 1), x)", {"positive": ("s",)}),
    "Rosenau-Hyman": ("u_t + diff(u**2, x) + diff(u**2, x, 3) = 0", {}),
    "Schamel": ("f_t + f**(1/2)*f_x + f_xxx = 0", {"positive": ("f",)}),
    "sigma model, stereographic": ("I*diff(psi_x, t) = 2*I*conj(psi)*psi_x*psi_t/(1 + abs(psi)**2)", PSI),
    "Sivashinsky": ("u_t + u_xxxx + diff((2 - u)*u_x, x) + u/2 = 0", {}),
    "Smoluchowski drift": ("u_t = diff(u_x + u*x, x) + diff(u_y + u*y, y)", {}),
    "three waves": ("u_t + u_x = v*w; v_t + 2*v_x = -u*w; w_t - w_x = u*v", {}),
    "thermal lens": ("I*psi_t + psi_xx + h*psi = 0; h_xx = h - abs(psi)**2", PSI),
    "Toda, three": ("x_tt = exp(z - x) - exp(x - y); y_tt = exp(x - y) - exp(y - z); z_tt = exp(y - z) - exp(z - x)", {}),
    "unnormalized KdV": ("u_t + u_xxx + a*u*u_x = 0", {"params": {"a": -6}}),
    "viscous Camassa-Holm": ("u_t - u_txx + 3*u*u_x - 2*u_x*u_xx - u*u_xxx = u_xx - u_xxxx", {}),
    "Wadati-Konno-Ichikawa-Shimizu": ("I*psi_t + diff(psi*(1 + abs(psi)**2)**(-1/2), x, 2) = 0", PSI),
    "WDVV": ("u_xxx*u_yyy - u_xxy*u_xyy + 1 = 0", {}),
    "Whitham-Broer-Kaup": ("u_t + u*u_x + h_x + u_xx = 0; h_t + diff(h*u, x) + 2*u_xxx - h_xx = 0", {}),
    "Yamabe": ("-8*(u_xx + u_yy + u_zz) = u**5", {"positive": ("u",)}),
    "Martinez Alonso-Shabat": ("u_ty = u_z*u_xy - u_y*u_xz", SPACE),
    "Zeldovich-Frank-Kamenetskii": ("u_t = u_xx + 10*u*(1 - u)*exp(-10*(1 - u))", {}),
    "Zoomeron": ("diff(u_xt/u, t, 2) - diff(u_xt/u, x, 2) + 2*diff(u**2, x, t) = 0", {"positive": ("u",)}),
    "phi^4": ("u_tt - u_xx - u + u**3 = 0", {}),
}


def measure(name):
    "What the public calls say, and how many an exact null space has."
    text, settings = LIST[name]
    row, clock = {"name": name, "text": text}, time.process_time()
    try:
        eq = Equation(text, **settings)
        sym = solve(eq)
        proofs = sym.prove()
        with limited(LIMIT): sym.certify()
    except OutOfTime: pass
    except SymnbError as e: return row | {"refused": str(e), "seconds": time.process_time() - clock}
    tests = [f.certificate for f in sym.formulas if f.certificate]
    row |= {"found": sym.dim, "proved": sum(p.status == "proved" for p in proofs), "passed": sum(c.passed for c in tests),
            "moved": sum(not c.reason for c in tests), "linear": eq.is_linear, "formulas": [f.text for f in sym.formulas],
            "notes": sym.notes, "seconds": time.process_time() - clock}
    try: return row | {"exact": len(exact_symmetries(eq, 2))}
    except SymnbError as e: return row | {"exact": None, "why": str(e)}


def drawn(draws, seed):
    "Names, at random."
    return random.Random(seed).sample(sorted(LIST), draws)


def main():
    a, rows = arguments(__doc__, "handbook", draws=10, seed=2026), []
    both = {*LIST} & {*ATLAS}
    if both: raise SystemExit(f"in the atlas: {', '.join(both)}")
    for name in drawn(a.draws, a.seed):
        rows.append(r := measure(name))
        words = "{found} found, {proved} proved, {passed} of {moved} passed, exact null space {exact}"
        print(f"{name:36s} {r.get('refused') or words.format(**r)}; {r['seconds']:.2f} s", flush=True)
    write(a, listed=len(LIST), rows=rows)


if __name__ == "__main__":
    sys.exit(main())
