#!/usr/bin/python3
"""Writes power.json: how often scipy's Kendall test sees a trend in AR(1) noise, by simulation with numpy.

usage: python3 test/oracle/power.py        (numpy, scipy; seeded, so it writes the same file each time; a minute)
"""
import json, math, os
import numpy as np, scipy
from scipy import stats

rng = np.random.default_rng(20241106); RUNS = 4000


def power(n, slope, noise, lag1, alpha):
    e = rng.normal(size=(RUNS, n)); x = e.copy()
    for k in range(1, n): x[:, k] = lag1 * x[:, k - 1] + math.sqrt(1 - lag1 ** 2) * e[:, k]
    x = slope * np.arange(n) + noise * x
    i, j = np.triu_indices(n, 1); s = np.sign(x[:, j] - x[:, i]).sum(1)
    if n <= 30:
        # p by |S|, from one series of each S
        tau = s / (n * (n - 1) / 2); p = {}
        for k in range(RUNS):
            if abs(s[k]) not in p:
                p[abs(s[k])] = stats.kendalltau(np.arange(n), x[k], method='exact').pvalue
        rejected = np.array([p[abs(v)] for v in s]) < alpha
    else:
        sd = math.sqrt(n * (n - 1) * (2 * n + 5) / 18); rejected = 2 * stats.norm.sf((np.abs(s) - 1) / sd) < alpha
    return float((rejected & ((np.sign(s) == np.sign(slope)) | (slope == 0))).mean())


cases = []
for n, slope, noise, lag1, alpha in ((8, 0.02, 0.04, 0, 0.05), (12, 0.01, 0.04, 0, 0.05), (20, -0.005, 0.04, 0, 0.1), (20, 0.01, 0.05, 0.4, 0.05), (35, 0.002, 0.03, 0, 0.05), (25, 0, 0.05, 0.5, 0.05)):
    cases.append(dict(n=n, slope=slope, noise=noise, lag1=lag1, alpha=alpha, power=power(n, slope, noise, lag1, alpha)))
out = dict(tool='numpy, scipy', version=f'{np.__version__}, {scipy.__version__}', command='python3 test/oracle/power.py', runs=RUNS,
           tolerance='4 standard errors of the difference of two simulations', cases=cases)
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'power.json'), 'w') as f: json.dump(out, f, indent=1)
