"""
Least-cost distances and cores of patches by SciPy.

/usr/bin/python3 test/oracle/least-cost.py > test/oracle/least-cost.json
"""
import json

import numpy as np
import scipy
from scipy.ndimage import binary_erosion
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

rng = np.random.default_rng(20250721)
WIDTH, HEIGHT, CELL_W, CELL_H = 23, 17, 30.0, 20.0
resistance = rng.choice([1, 4, 10, 25, 100], size=(HEIGHT, WIDTH)).astype(float)
barrier = rng.random((HEIGHT, WIDTH)) < 0.08
sources = np.zeros((HEIGHT, WIDTH), int)
sources[2:4, 3:6] = 1
sources[12:15, 15:17] = 2
sources[3, 18] = 3
barrier[sources > 0] = False
resistance[barrier] = np.nan

rows, cols, costs = [], [], []
for r in range(HEIGHT):
    for c in range(WIDTH):
        for dr in (-1, 0, 1):
            for dc in (-1, 0, 1):
                q, p = r + dr, c + dc
                if (dr, dc) == (0, 0) or not (0 <= q < HEIGHT and 0 <= p < WIDTH):
                    continue
                mean = (resistance[r, c] + resistance[q, p]) / 2
                if np.isnan(mean):
                    continue
                rows.append(r * WIDTH + c)
                cols.append(q * WIDTH + p)
                costs.append(mean * np.hypot(dc * CELL_W, dr * CELL_H))
graph = coo_array((costs, (rows, cols)), shape=(WIDTH * HEIGHT,) * 2).tocsr()
start = np.flatnonzero(sources.ravel())
each = dijkstra(graph, indices=start)
least = each.min(axis=0)
owner = sources.ravel()[start][each.argmin(axis=0)]
pairs = {}
for a, b in ((1, 2), (1, 3), (2, 3)):
    # Through the areas of the two only.
    own = np.flatnonzero(((owner == a) | (owner == b)) & np.isfinite(least))
    part = graph[own][:, own]
    ends = sources.ravel()[own]
    way = dijkstra(part, indices=np.flatnonzero(ends == a)).min(axis=0)[ends == b].min()
    if np.isfinite(way):
        pairs[f"{a} {b}"] = way

mask = rng.random((40, 50)) < 0.93
cores = {str(edge): binary_erosion(mask, np.ones((2 * edge + 1,) * 2)).astype(int).sum(axis=1).tolist() for edge in (1, 2, 3)}

print(json.dumps({
    "tool": "scipy.sparse.csgraph.dijkstra, scipy.ndimage.binary_erosion",
    "version": scipy.__version__,
    "recipe": "/usr/bin/python3 test/oracle/least-cost.py",
    "tolerance": "1e-9 relative: sums of at most some dozen float64 steps in another order",
    "width": WIDTH, "height": HEIGHT, "cellWidth": CELL_W, "cellHeight": CELL_H,
    "resistance": [None if np.isnan(v) else v for v in resistance.ravel()],
    "sources": sources.ravel().tolist(),
    "cost": [None if np.isinf(v) else v for v in least],
    "pairs": pairs,
    "mask": ["".join("#" if v else "." for v in row) for row in mask],
    "coresByRow": cores,
}))
