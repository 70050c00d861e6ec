#!/usr/bin/python3
"""Writes kernels.json: what scipy and numpy say about the numbers that the kernels compute.

usage: python3 test/oracle/kernels.py        (numpy, scipy; seeded, so it writes the same file each time)
"""
import json, math, os, sys
import numpy as np, scipy
from scipy import stats

rng = np.random.default_rng(20240601)
f32 = lambda a: [None if not np.isfinite(v) else float(v) for v in np.asarray(a, 'f4').ravel()]


# ---- one series: scipy.stats.theilslopes and kendalltau
def series(n, tied, gaps):
    t = np.sort(rng.choice(np.arange(2000, 2000 + 2 * n), n, replace=False)).astype(float) if gaps else np.arange(n, dtype=float)
    x = rng.normal(size=n) + rng.normal(scale=0.1) * t
    if tied: x = np.round(x * 2) / 2
    return t, x


cases = []
for n in (4, 5, 6, 9, 12, 20, 29, 30, 31, 48):
    for tied in (False, True):
        t, x = series(n, tied, True)
        slope, intercept = stats.theilslopes(x, t)[:2]
        method = 'exact' if not tied and n <= 30 else 'asymptotic'
        tau = stats.kendalltau(t, x, method=method)
        d = np.sign(x[None, :] - x[:, None])[np.triu_indices(n, 1)]
        cases.append(dict(times=t.tolist(), values=x.tolist(), s=int(d.sum()), slope=slope, intercept=intercept,
                          tau=float(tau.statistic), p=float(tau.pvalue) if method == 'exact' else None))


# ---- a stack: slope, exact p with ties and class, from definitions, in whole numbers
def null_counts(n, ties):
    """Counts of the multiset permutations by inversions, placing one group after the other."""
    p = [1]; placed = 0
    for size in ties:
        # Gaussian binomial: the partitions in a size × placed box, by dynamic programming over parts
        box = [[0] * (size * placed + 1) for _ in range(size + 1)]; box[0][0] = 1
        for part in range(1, placed + 1):
            for k in range(1, size + 1):
                for total in range(part, size * placed + 1): box[k][total] += box[k - 1][total - part]
        g = [sum(b[i] for b in box) for i in range(size * placed + 1)]
        out = [0] * (len(p) + len(g) - 1)
        for i, u in enumerate(p):
            for j, v in enumerate(g): out[i + j] += u * v
        p = out; placed += size
    return p


def pixel(x, t):
    ok = np.isfinite(x); n = int(ok.sum()); v = x[ok].astype(float); u = t[ok]
    if n < 4: return dict(n=n, slope=None, p=None, z=None, cls=255)
    i, j = np.triu_indices(n, 1); d = v[j] - v[i]; s = int(np.sign(d).sum()); b = float(np.median(d / (u[j] - u[i])))
    ties = np.unique(v, return_counts=True)[1].tolist(); counts = null_counts(n, ties); M = len(counts) - 1; total = sum(counts)
    p = 1.0 if s == 0 else min(1.0, 2 * sum(counts[:(M - abs(s)) // 2 + 1]) / total)
    least = min(1.0, 2 * counts[0] / total) if M else 1.0
    var = (n * (n - 1) * (2 * n + 5) - sum(k * (k - 1) * (2 * k + 5) for k in ties)) / 18
    z = 0.0 if s == 0 or var <= 0 else (s - np.sign(s)) / math.sqrt(var)
    # A series that stays where FVC is cut off may have changed beyond; one that stays elsewhere has not changed.
    constant = M == 0 and v[0] not in (0, 1)
    if least > 0.1 and not constant: c = 0
    elif abs(b) <= 5e-4 or s == 0: c = 4
    else: c = 4 + (1 if b > 0 else -1) * (3 if p < 0.05 else 2 if p < 0.1 else 1)
    return dict(n=n, slope=b, p=p, z=float(z), cls=c)


years = np.array([2003, 2004, 2005, 2008, 2009, 2010, 2011, 2013, 2014, 2015, 2016, 2020], float)
T, N = len(years), 240
stack = np.clip(rng.normal(0.5, 0.35, (1, N)) + rng.normal(0, 0.03, (1, N)) * (years[:, None] - 2010) + rng.normal(0, 0.08, (T, N)), 0, 1).astype('f4')
stack[rng.random((T, N)) < rng.choice([0.0, 0.15, 0.6], (1, N))] = np.nan
stack[:, ::7] = np.round(stack[:, ::7] * 4) / 4
stack[:, 0] = np.nan; stack[:, 1] = 0.25
pixels = [pixel(stack[:, k], years) for k in range(N)]

# ---- percentiles
values = np.concatenate([rng.normal(0.3, 0.4, 400), np.full(20, 0.5), [0.0, -0.0, np.nan, np.nan, 1e-40, -3e38, 3e38]]).astype('f4')
finite = values[np.isfinite(values)].astype(float)
percentiles = [dict(p=p, value=float(np.percentile(finite, p))) for p in (0, 0.5, 2, 5, 25, 50, 61.8, 95, 98, 99.5, 100)]

# ---- the normal distribution
zs = [0, 1e-9, 0.1, 0.6, 0.67, 1, 1.6448536269514722, 1.959963984540054, 2.5758293035489004, 4, 5.6, 5.7, 8, 12, 20, 30]
quantiles = [0.5, 0.75, 0.9, 0.95, 0.975, 0.995, 0.9995, 1 - 1e-9]

# ---- spectral indices, from their published formulae, reflectance = DN * 2.75e-5 - 0.2
dn = {b: rng.integers(7000, 30000, 40) for b in ('blue', 'green', 'red', 'nir', 'swir1', 'swir2')}
B, G, R, N_, S1, S2 = (dn[b] * 2.75e-5 - 0.2 for b in dn)
nd = lambda a, b: np.where(a + b > 0, np.clip((a - b) / (a + b), -1, 1), np.nan)
with np.errstate(invalid='ignore'):
    indices = dict(ndvi=nd(N_, R), evi=2.5 * (N_ - R) / (N_ + 6 * R - 7.5 * B + 1), evi2=2.5 * (N_ - R) / (N_ + 2.4 * R + 1),
                   savi=1.5 * (N_ - R) / (N_ + R + 0.5), msavi2=(2 * N_ + 1 - np.sqrt((2 * N_ + 1) ** 2 - 8 * (N_ - R))) / 2,
                   nbr=nd(N_, S2), ndmi=nd(N_, S1), ndwi=nd(G, N_), bsi=nd(S1 + R, N_ + B))

json.dump(dict(
    tool='scipy, numpy', version=f'scipy {scipy.__version__}, numpy {np.__version__}', command='python3 test/oracle/kernels.py',
    tolerance='relative 1e-12 for float64 results; half a unit in the last place (6e-8 relative) where float32 is stored',
    series=cases, stack=dict(years=years.tolist(), values=f32(stack), pixels=pixels),
    percentiles=dict(values=[None if np.isnan(v) else float(v) for v in values], expected=percentiles),
    normal=dict(z=zs, p=[float(2 * stats.norm.sf(z)) for z in zs], probability=quantiles, quantile=[float(stats.norm.ppf(q)) for q in quantiles]),
    indices=dict(scale=2.75e-5, offset=-0.2, dn={b: v.tolist() for b, v in dn.items()},
                 expected={k: [None if np.isnan(x) else float(x) for x in v] for k, v in indices.items()}),
), open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'kernels.json'), 'w'), separators=(',', ':'))
