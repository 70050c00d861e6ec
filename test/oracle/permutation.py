#!/usr/bin/python3
"""Writes permutation.json: the largest |Z| and the largest patch of a small stack for some orders of its years.

S by the sign of every pair, its variance by the deviation of S over all orders of a series, p by counting them; patches by
scipy.ndimage with eight neighbours. Nothing of it is a formula of the package.

usage: python3 test/oracle/permutation.py        (numpy, scipy; seeded, so it writes the same file each time)
"""
import itertools, json, os
import numpy as np, scipy
from scipy import ndimage

N, HEIGHT, WIDTH, ORDERS, LIMIT, MIN_YEARS = 7, 8, 9, 40, 0.1, 4
rng = np.random.default_rng(20241120)
noise = rng.normal(size=(N, HEIGHT, WIDTH)) + rng.normal(size=(N, 1, 1))
rise = np.zeros((HEIGHT, WIDTH)); rise[1:5, 2:6] = 0.6; rise[5:, 6:] = -0.6
stack = np.round(2 * (noise + rise * np.arange(N)[:, None, None])) / 2  # halves: many ties
stack[rng.random(stack.shape) < 0.1] = np.nan
stack[:, 0, 0] = 1.0; stack[3:, 0, 8] = np.nan  # a constant, and one with too few years

I, J = np.triu_indices(N, 1)
def kendall(x): return int(np.nansum(np.sign(x[..., J] - x[..., I]), axis=-1))
known = {}
def null(x):
    """Deviation of S and p by |S|, from all orders of the values."""
    v = np.sort(x[~np.isnan(x)]); ranks = tuple(np.unique(v, return_inverse=True)[1])
    if ranks not in known:
        a = np.array(list(itertools.permutations(ranks))); i, j = np.triu_indices(len(ranks), 1)
        s = np.sign(a[:, j] - a[:, i]).sum(1)
        known[ranks] = float(s.std()), {int(k): min(1.0, 2 * float((s >= k).mean())) if k > 0 else 1.0 for k in range(int(s.max()) + 1)}
    return known[ranks]

def extremes(order):
    z = np.zeros((HEIGHT, WIDTH)); sign = np.zeros((HEIGHT, WIDTH), int)
    for r in range(HEIGHT):
        for c in range(WIDTH):
            x = stack[order, r, c]
            if (~np.isnan(x)).sum() < MIN_YEARS: continue
            s = kendall(x); deviation, p = null(x)
            if s != 0: z[r, c] = (abs(s) - 1) / deviation
            if s != 0 and p[abs(s)] < LIMIT: sign[r, c] = np.sign(s)
    patches = [np.bincount(ndimage.label(sign == k, np.ones((3, 3)))[0].ravel())[1:].max(initial=0) for k in (1, -1)]
    return float(z.max()), int(max(patches))

orders = [list(range(N))] + [rng.permutation(N).tolist() for _ in range(ORDERS)]
found = [extremes(order) for order in orders]
values = [None if np.isnan(v) else float(v) for v in stack.ravel()]
out = dict(tool='numpy, scipy', version=f'{np.__version__}, {scipy.__version__}', recipe='python3 test/oracle/permutation.py',
           tolerance='1e-12 for |Z|: float64 in another order; patches are whole numbers', nTimes=N, width=WIDTH, height=HEIGHT,
           limit=LIMIT, minYears=MIN_YEARS, values=values, orders=orders, largestZ=[z for z, _ in found], largestPatch=[p for _, p in found])
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'permutation.json'), 'w') as f: json.dump(out, f, separators=(',', ':'))
