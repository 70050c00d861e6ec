#!/usr/bin/python3
"""Covered shares of cells by GEOS, of polygons that are hard to cover, on grids from 1 cm to 1 degree. Needs shapely, numpy.

    /usr/bin/python3 test/oracle/coverage-cases.py                        writes coverage-cases.json
    /usr/bin/python3 test/oracle/coverage-cases.py 5000 7 /tmp/many.json  more of them, with another seed
    MINE_RS_COVERAGE_CASES=/tmp/many.json npx vitest run test/vector/coverage.test.ts
"""
import json, math, os, sys
import numpy as np, shapely
from shapely.geometry import MultiPolygon, Polygon, box
from shapely.ops import unary_union

CASES, SEED = int(sys.argv[1]) if len(sys.argv) > 1 else 300, int(sys.argv[2]) if len(sys.argv) > 2 else 20250601
HERE = os.path.dirname(os.path.abspath(__file__))
PATH = sys.argv[3] if len(sys.argv) > 3 else os.path.join(HERE, 'coverage-cases.json')
W, H = 9, 7
TRANSFORMS = [[0.01, 0, 540000.25, 0, -0.01, 4216000.5], [1, 0, 540000, 0, -1, 4216000], [30, 0, 540000, 0, -30, 4216000],
              [463.3127165, 0, 8696379.688705001, 0, -463.3127165, 4242091.2322740005], [1000, 0, -2000000, 0, -1000, 3000000],
              [1 / 3600, 0, 99.5, 0, -1 / 3600, 38.25], [0.25, 0, -180, 0, -0.25, 90], [1, 0, 20, 0, -1, 55],
              [3, 1, 100, 0.5, -2, 50]]
rng = np.random.default_rng(SEED)


def star(cx, cy, low, high, n):
    t = np.sort(rng.uniform(0, 2 * math.pi, n)); r = rng.uniform(low, high, n)
    return [(cx + q * math.cos(a), cy + q * math.sin(a)) for a, q in zip(t, r)]


def sliver(thickness):
    (x0, y0), (x1, y1) = rng.uniform([-1, -1], [W + 1, H + 1], (2, 2))
    length = math.hypot(x1 - x0, y1 - y0) or 1; dx, dy = -(y1 - y0) / length * thickness, (x1 - x0) / length * thickness
    return Polygon([(x0, y0), (x1, y1), (x1 + dx, y1 + dy), (x0 + dx, y0 + dy)])


def stairs():
    """Edges along grid lines and corners on cell corners."""
    boxes = []
    for _ in range(int(rng.integers(1, 5))):
        (x0, x1), (y0, y1) = np.sort(rng.integers(-1, W + 2, 2)), np.sort(rng.integers(-1, H + 2, 2))
        boxes.append(box(x0, y0, x1 + 1, y1 + 1))
    return unary_union(boxes)


def draw(kind):
    n = int(rng.integers(3, 16)); cx, cy = rng.uniform(0, W), rng.uniform(0, H)
    if kind == 0: return Polygon(star(cx, cy, 0.5, 4, n))
    if kind == 1: return Polygon(star(W / 2, H / 2, 2.2, 4.5, n + 6), [star(W / 2, H / 2, 0.3, 1.4, 6)])
    if kind == 2: return unary_union([Polygon(star(*rng.uniform([0, 0], [W, H]), 0.2, 1.6, 5)).buffer(0) for _ in range(4)])
    if kind == 3: return sliver(10.0 ** rng.uniform(-4, -0.5))
    if kind == 4: return Polygon([(round(x), round(y)) for x, y in star(cx, cy, 1, 5, n)])
    if kind == 5: return stairs()
    if kind == 6: return Polygon(star(cx, cy, 0.001, 0.2, n))
    if kind == 7: return box(0.5, 0.25, W - 0.5, H - 0.25).difference(unary_union([sliver(0.05) for _ in range(5)]))
    whole = stairs().difference(Polygon(star(cx, cy, 0.3, 2, 7)).buffer(0))
    return Polygon(star(cx, cy, 0.02, 6, 60)) if whole.is_empty else whole


cases = []
while len(cases) < CASES:
    which = len(cases) % len(TRANSFORMS); a, b, c, d, e, f = TRANSFORMS[which]; det = a * e - b * d
    drawn = draw(int(rng.integers(0, 9)))
    parts = [p for p in getattr(drawn, 'geoms', [drawn]) if p.geom_type == 'Polygon' and not p.is_empty]
    # What is written are the coordinates in the CRS; GEOS then works on exactly these, in pixels from the origin.
    to_crs = lambda ring: [[a * x + b * y + c, d * x + e * y + f] for x, y in ring.coords]
    to_pixels = lambda ring: [((e * (x - c) - b * (y - f)) / det, (a * (y - f) - d * (x - c)) / det) for x, y in ring]
    polygons = [[to_crs(r) for r in [p.exterior, *p.interiors]] for p in parts]
    shape = MultiPolygon([Polygon(to_pixels(p[0]), [to_pixels(h) for h in p[1:]]) for p in polygons])
    if shape.is_empty or shape.area == 0 or not shape.is_valid: continue
    shares = [shape.intersection(box(col, row, col + 1, row + 1)).area for row in range(H) for col in range(W)]
    if not any(shares): continue
    cases.append({'transform': which, 'polygons': polygons, 'shares': [int(s) if s in (0, 1) else round(s, 11) for s in shares]})
out = {
    'tool': 'shapely', 'version': f'{shapely.__version__} (GEOS)', 'command': '/usr/bin/python3 test/oracle/coverage-cases.py',
    'recipe': f'{CASES} polygons, numpy default_rng({SEED}): stars, holes, parts, slivers, corners on cell corners, edges along grid lines; '
              'share = area(polygon ∩ cell) in pixels, row-major, rounded to 11 places',
    'tolerance': '1e-9', 'width': W, 'height': H, 'transforms': TRANSFORMS, 'cases': cases,
}
with open(PATH, 'w') as file:
    file.write(json.dumps(out, separators=(',', ':'), ensure_ascii=False).replace('{"transform"', '\n{"transform"') + '\n')
