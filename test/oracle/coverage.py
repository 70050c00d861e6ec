#!/usr/bin/python3
"""Writes coverage.json: covered shares of grid cells by shapely's polygon intersection. Needs shapely and numpy."""
import json, math, os
import numpy as np, shapely
from shapely.geometry import Polygon, MultiPolygon, mapping
from shapely.geometry.polygon import orient

SEED, CASES = 20240611, 240
W, H = 6, 5
TRANSFORMS = [[1, 0, 0, 0, 1, 0], [30, 0, 500000, 0, -30, 4200000], [3, 1, 100, 0.5, -2, 50], [0.25, 0, 99.5, 0, -0.25, 38]]
rng = np.random.default_rng(SEED)


def star(cx, cy, low, high, n):
    a = np.sort(rng.uniform(0, 2 * math.pi, n)); r = rng.uniform(low, high, n)
    return [(cx + p * math.cos(t), cy + p * math.sin(t)) for t, p in zip(a, r)]


def draw(kind):
    n = int(rng.integers(3, 14)); cx, cy = rng.uniform(0, W), rng.uniform(0, H)
    if kind == 0: return Polygon(star(cx, cy, 0.5, 3, n))
    if kind == 1: return Polygon(star(cx, cy, 2, 5, n + 4), [star(cx, cy, 0.2, 1.2, 5)])
    if kind == 2: return MultiPolygon([Polygon(star(1.5, 2.5, 0.3, 1.4, n)), Polygon(star(4.6, 2.4, 0.3, 1.4, n))])
    if kind == 3: return Polygon([(round(x), round(y)) for x, y in star(cx, cy, 1, 4, n)])  # corners on corners
    if kind == 4: return Polygon(star(cx, cy, 0.01, 0.3, n))                                # inside a cell or two
    x0, y0, x1, y1 = np.sort(rng.integers(-1, W + 2, 2)).tolist() + np.sort(rng.uniform(-1, H + 1, 2)).tolist()
    return Polygon([(x0, y0), (x1, y0), (x1, y1), (x0, y1)][:: int(rng.choice([-1, 1]))])     # edges along grid lines


cases = []
while len(cases) < CASES:
    which = len(cases) % len(TRANSFORMS); a, b, c, d, e, f = TRANSFORMS[which]
    pixel = draw(int(rng.integers(0, 6)))
    to_crs = lambda ring: [[round(a * x + b * y + c, 4), round(d * x + e * y + f, 4)] for x, y in ring]
    parts = pixel.geoms if pixel.geom_type == 'MultiPolygon' else [pixel]
    polygons = [[to_crs(p.exterior.coords)] + [to_crs(h.coords) for h in p.interiors] for p in parts]
    shape = MultiPolygon([Polygon(p[0], p[1:]) for p in polygons])
    if not shape.is_valid or shape.area == 0: continue
    shares = []
    for row in range(H):
        for col in range(W):
            cell = Polygon([(a * x + b * y + c, d * x + e * y + f) for x, y in ((col, row), (col + 1, row), (col + 1, row + 1), (col, row + 1))])
            s = round(shape.intersection(cell).area / cell.area, 11); shares.append(int(s) if s in (0, 1) else s)
    if not any(shares) and rng.random() < 0.9: continue
    cases.append({'transform': which, 'polygons': polygons, 'shares': shares})
out = {
    'tool': 'shapely', 'version': f'{shapely.__version__} (GEOS)', 'command': '/usr/bin/python3 test/oracle/coverage.py',
    'recipe': f'{CASES} random polygons, numpy default_rng({SEED}); share = area(polygon ∩ cell) / area(cell), row-major, rounded to 11 places',
    'tolerance': '1e-9: coordinates of 4e6 and pixels of 30 leave 3e-11 of a pixel, a long edge multiplies it',
    'width': W, 'height': H, 'transforms': TRANSFORMS, 'cases': cases,
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'coverage.json'), 'w') as file:
    file.write(json.dumps(out, separators=(',', ':'), ensure_ascii=False).replace('{"transform"', '\n{"transform"') + '\n')
