#!/usr/bin/python3
"""Writes trend-corrections.json: trends of single series under serial correlation, seasonal Kendall, Pettitt,
Benjamini-Hochberg, computed from the definitions with numpy and scipy.

usage: python3 test/oracle/trend-corrections.py        (numpy, scipy; seeded, so it writes the same file each time)
"""
import json, math, os, sys
import numpy as np, scipy
from scipy import stats

rng = np.random.default_rng(20241104)


def acf(x):
    """All lags, divisor n: numpy.correlate of the centred series."""
    d = x - x.mean(); c = np.correlate(d, d, 'full')[len(x) - 1:]
    return c / c[0]


def kendall(x):
    n = len(x); s = int(np.sign(x[None, :] - x[:, None])[np.triu_indices(n, 1)].sum())
    t = np.unique(x, return_counts=True)[1]
    return s, (n * (n - 1) * (2 * n + 5) - (t * (t - 1) * (2 * t + 5)).sum()) / 18


def zp(s, var):
    z = (s - np.sign(s)) / math.sqrt(var)
    return float(z), float(2 * stats.norm.sf(abs(z)))


def corrected(x, lags):
    n = len(x); i = np.arange(n, dtype=float); b = stats.theilslopes(x, i)[0]; res = x - b * i; s, var = kendall(x)
    out = dict(values=x.tolist(), lags=lags, lag1=float(acf(res)[1]))
    r = acf(stats.rankdata(res)); limit = stats.norm.ppf(0.975) / math.sqrt(n)
    k = np.arange(1, min(lags, n - 1) + 1); keep = np.abs(r[k]) > limit
    f = 1 + 2 / (n * (n - 1) * (n - 2)) * ((n - k) * (n - k - 1) * (n - k - 2) * r[k])[keep].sum()
    out['hamed-rao'] = dict(factor=float(f), zp=zp(s, var * f) if f > 0 else None)
    f = 1 + 2 * ((1 - k / n) * acf(res)[k]).sum()
    out['yue-wang'] = dict(factor=float(f), zp=zp(s, var * f) if f > 0 else None)
    y = res[1:] - out['lag1'] * res[:-1] + b * i[1:]; s, var = kendall(y)
    out['tfpw'] = dict(s=s, var=float(var), zp=zp(s, var), slope=float(b))
    # Zhang et al. 2000: r and slope in turn
    r = acf(x)[1]; w = x; slope = b
    if r >= 0.05:
        w = (x[1:] - r * x[:-1]) / (1 - r); slope = stats.theilslopes(w)[0]
        for _ in range(50):
            r1 = acf(x - slope * i)[1]
            if not r1 >= 0.05: w, slope = x, b; break
            w = (x[1:] - r1 * x[:-1]) / (1 - r1); b1 = stats.theilslopes(w)[0]
            still = abs(r1 - r) <= 1e-4 and abs(b1 - slope) <= 1e-4 * abs(slope); r, slope = r1, b1
            if still: break
    s, var = kendall(w)
    out['zhang'] = dict(s=s, var=float(var), zp=zp(s, var), slope=float(slope), n=len(w))
    return out


series = []
for n, phi, trend, tied in ((10, 0.3, 0.2, 0), (12, 0.6, 0.1, 1), (20, 0.7, 0.05, 0), (25, -0.3, 0.1, 1), (40, 0.5, 0, 0), (60, 0.8, 0.02, 1)):
    e = rng.normal(size=n); x = e.copy()
    for k in range(1, n): x[k] = phi * x[k - 1] + e[k]
    x += trend * np.arange(n)
    if tied: x = np.round(x * 4) / 4
    for lags in (1, 3, n): series.append(corrected(x, lags))

# ---- seasonal Kendall: variances by the tie formula, covariances by Dietz & Killeen 1981 as in Hirsch & Slack 1984
seasonal = []
for seasons, years, tied, gaps in ((4, 12, 0, 0), (4, 15, 1, 0), (3, 12, 1, 6), (12, 10, 0, 9)):
    x = rng.normal(size=(seasons, years)) + rng.normal(size=years) * 0.8 + 0.08 * np.arange(years)
    if tied: x = np.round(x * 3) / 3
    for _ in range(gaps): x[rng.integers(seasons), rng.integers(years)] = np.nan
    sg = np.nan_to_num(np.sign(x[:, None, :] - x[:, :, None])); upper = np.triu(np.ones((years, years)), 1)
    S = [(a * upper).sum() for a in sg]; m = np.isfinite(x).sum(1)
    R = (m[:, None] + 1 + sg.sum(1)) / 2
    cov = np.empty((seasons, seasons))
    for g in range(seasons):
        for h in range(seasons):
            K = (sg[g] * sg[h] * upper).sum()
            cov[g, h] = (K + 4 * (R[g] * R[h]).sum() - years * (m[g] + 1) * (m[h] + 1)) / 3
    independent = sum(kendall(row[np.isfinite(row)])[1] for row in x)
    slopes = np.concatenate([[(row[j] - row[i]) / (j - i) for i in range(years) for j in range(i + 1, years)] for row in x])
    s = int(sum(S))
    seasonal.append(dict(values=[[None if np.isnan(v) else float(v) for v in row] for row in x], s=s, varS=float(cov.sum()),
                         zp=zp(s, cov.sum()), independent=float(independent), zpIndependent=zp(s, independent),
                         slope=float(np.nanmedian(slopes))))

# ---- Pettitt 1979
pettitt = []
for n, step, tied in ((8, 3, 0), (15, 1, 1), (30, 0.8, 0), (40, 0, 1)):
    x = rng.normal(size=n) + step * (np.arange(n) >= n // 3)
    if tied: x = np.round(x * 2) / 2
    U = [np.sign(x[:t, None] - x[None, t:]).sum() for t in range(1, n)]; K = int(np.abs(U).max())
    pettitt.append(dict(values=x.tolist(), k=K, after=int(np.abs(U).argmax()), p=float(min(1, 2 * math.exp(-6 * K * K / (n ** 3 + n ** 2))))))

# ---- Benjamini-Hochberg over float32 p-values: the largest p that is rejected
fdr = []
for n, alpha, share in ((50, 0.1, 0.3), (400, 0.05, 0.1), (100, 0.1, 0), (30, 0.2, 1)):
    p = np.where(rng.random(n) < share, rng.random(n) ** 6, rng.random(n)).astype('f4')
    p = np.maximum(np.round(p, 3), np.float32(0.001)).astype('f4')
    q = np.sort(p).astype('f8'); ok = np.nonzero(q <= np.arange(1, n + 1) / n * alpha)[0]
    fdr.append(dict(p=p.astype('f8').tolist(), alpha=alpha, threshold=float(q[ok[-1]]) if len(ok) else None))

out = dict(tool='numpy, scipy', version=f'{np.__version__}, {scipy.__version__}', command='python3 test/oracle/trend-corrections.py',
           tolerance='1e-9: sums in another order', series=series, seasonal=seasonal, pettitt=pettitt, fdr=fdr)
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'trend-corrections.json'), 'w') as f: json.dump(out, f, separators=(',', ':'))
