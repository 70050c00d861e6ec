"""Landscape metrics of random maps with scipy: patches by ndimage.label, distances of patches by cKDTree.

Run: /usr/bin/python3 test/oracle/landscape.py > test/oracle/landscape.json
"""
import json
import math

import numpy as np
import scipy
from scipy import ndimage
from scipy.spatial import cKDTree

rng = np.random.default_rng(8)


def metrics(a, cell, neighbours, distance):
    codes = [int(c) for c in np.unique(a) if c]
    structure = np.ones((3, 3)) if neighbours == 8 else None
    total = int((a > 0).sum())
    padded = np.pad(a, 1)
    frac, sides_sum, rooted, largest, count, joined, pairs = [], 0, 0.0, 0, 0, 0, 0
    for c in codes:
        labels, n = ndimage.label(a == c, structure)
        count += n
        trees = []
        for k in range(1, n + 1):
            patch = np.pad(labels == k, 1).astype(int)
            sides = int(np.abs(np.diff(patch, axis=0)).sum() + np.abs(np.diff(patch, axis=1)).sum())
            size = int(patch.sum())
            largest = max(largest, size)
            frac.append(1.0 if size == 1 else 2 * math.log(0.25 * sides * cell) / math.log(size * cell * cell))
            sides_sum += sides
            rooted += sides * math.sqrt(size)
            trees.append(cKDTree(np.argwhere(labels == k) * float(cell)))
        pairs += n * (n - 1) // 2
        for i in range(n):
            for j in range(i):
                joined += trees[i].count_neighbors(trees[j], distance * (1 + 1e-12)) > 0
    g = {}
    for x, y in ((padded[:, 1:], padded[:, :-1]), (padded[1:, :], padded[:-1, :])):
        for i, k in zip(x.ravel().tolist(), y.ravel().tolist()):
            if i and k:
                g[i, k] = g.get((i, k), 0) + 1
                g[k, i] = g.get((k, i), 0) + 1
    share = {c: float((a == c).sum()) / total for c in codes}
    row = {c: sum(g.get((c, k), 0) for k in codes) for c in codes}
    q = [share[i] * n / row[i] for (i, _), n in g.items()]
    everything = sum(g.values())
    m = len(codes)
    shdi = -sum(p * math.log(p) for p in share.values())
    ai = 0.0
    for c in codes:
        cells = int((a == c).sum())
        side = math.isqrt(cells)
        rest = cells - side * side
        most = 2 * side * (side - 1) + (0 if rest == 0 else 2 * rest - 1 if rest <= side else 2 * rest - 2)
        ai += share[c] * (100 * g.get((c, c), 0) / 2 / most if most else 0)
    edge = sum(n for (i, k), n in g.items() if i != k) / 2 * cell
    ha = total * cell * cell / 1e4
    return {
        "patches": count,
        "patchDensity": 100 * count / ha,
        "largestPatchIndex": 100 * largest / total,
        "meanPatchHa": ha / count,
        "edgeM": edge,
        "edgeDensity": edge / ha,
        "shdi": shdi,
        "shei": shdi / math.log(m),
        "fractal": sum(frac) / len(frac),
        "contagion": 100 * (1 + sum(v * math.log(v) for v in q) / (2 * math.log(m))),
        "contagionOfAll": 100 * (1 + sum(n / everything * math.log(n / everything) for n in g.values()) / (2 * math.log(m))),
        "connectance": 100 * joined / pairs,
        "cohesion": 100 * (1 - sides_sum / rooted) / (1 - 1 / math.sqrt(total)),
        "aggregation": ai,
    }


cases = []
for width, height, sigma, classes, cell, neighbours, distance in (
    (50, 40, 1.5, 5, 30, 8, 100),
    (37, 61, 1.0, 4, 10, 4, 40),
    (64, 33, 0.0, 6, 20, 8, 60),
):
    z = rng.standard_normal((height, width))
    z = ndimage.gaussian_filter(z, sigma) if sigma else z
    a = np.digitize(z, np.quantile(z, np.arange(1, classes) / classes)) + 1
    a[rng.random(a.shape) < 0.03] = 0
    cases.append(
        {
            "width": width,
            "height": height,
            "cellM": cell,
            "neighbours": neighbours,
            "distance": distance,
            "classes": a.ravel().tolist(),
            "metrics": metrics(a, cell, neighbours, distance),
        }
    )

print(
    json.dumps(
        {
            "tool": "scipy.ndimage.label, scipy.spatial.cKDTree",
            "version": scipy.__version__,
            "recipe": "test/oracle/landscape.py",
            "tolerance": 1e-12,
            "why": "float64 sums in another order",
            "cases": cases,
        },
        separators=(",", ":"),
    )
)
