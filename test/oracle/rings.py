#!/usr/bin/python3
"""Writes rings.json: areas of rings around polygons by shapely in pyproj's azimuthal equidistant projection, on the
ellipsoid by pyproj's Geod, and one-sided signed-rank p-values by scipy. Needs pyproj, shapely, scipy."""
import json, math, os, random
import pyproj, scipy, shapely
from pyproj import Geod, Transformer
from scipy.stats import wilcoxon
from shapely.geometry import Polygon, mapping
from shapely.ops import transform, unary_union

GEOD = Geod(ellps='WGS84')
random.seed(11)


def star(lon, lat, n, least, most):
    """A star-shaped outline about a place, in degrees."""
    ring = []
    for k in range(n):
        angle, radius = (k + 0.8 * random.random()) * 360 / n, least + (most - least) * random.random()
        x, y, _ = GEOD.fwd(lon, lat, 90 - angle, radius)
        ring.append([round(x, 9), round(y, 9)])
    return ring + [ring[0]]


def dense(ring, step=2e-5):
    out = []
    for (x0, y0), (x1, y1) in zip(ring[:-1], ring[1:]):
        n = max(1, math.ceil(math.hypot(x1 - x0, y1 - y0) / step))
        out += [(x0 + (x1 - x0) * i / n, y0 + (y1 - y0) * i / n) for i in range(n)]
    return out + [tuple(ring[-1])]


def area(geometry):
    return abs(GEOD.geometry_area_perimeter(shapely.geometry.polygon.orient(geometry))[0]) if geometry.geom_type == 'Polygon' \
        else sum(area(g) for g in geometry.geoms)


CASES = []
# name, two mines: longitude, latitude, corners, radii in metres; distances of the rings
for name, mines, distances in [
    ('two mines near each other', [(99.49, 38.04, 11, 400, 1500), (99.525, 38.05, 7, 300, 900)], [250, 500, 1000, 2000]),
    ('north', [(25.0, 67.9, 9, 2000, 6000), (25.3, 67.95, 9, 1000, 3000)], [1000, 5000]),
    ('on the equator', [(-70.0, 0.01, 12, 800, 2500)], [30, 500, 10000]),
    ('south', [(150.0, -23.0, 8, 1000, 4000)], [2000, 50000]),
]:
    rings = [star(*m) for m in mines]
    polygons = [Polygon(dense(r)) for r in rings]
    found = []
    for (lon, lat, *_), polygon in zip(mines, polygons):
        proj = f'+proj=aeqd +lat_0={lat} +lon_0={lon} +datum=WGS84 +units=m'
        to = Transformer.from_crs('EPSG:4326', proj, always_xy=True).transform
        back = Transformer.from_crs(proj, 'EPSG:4326', always_xy=True).transform
        flat = transform(to, polygon)
        land = unary_union([transform(to, p) for p in polygons])
        before = None
        for d in distances:
            grown = flat.buffer(d, resolution=256)
            ring = (grown if before is None else grown.difference(before)).difference(land)
            before = grown
            found.append(area(transform(back, ring)))
    CASES.append({'name': name, 'mines': rings, 'distances': distances, 'areasM2': found})

TESTS = []
for n in (1, 4, 5, 8, 12, 20, 25):
    for shift in (-0.3, 0.0, 0.2, 0.6):
        values = [round(random.gauss(shift, 1), 6) for _ in range(n)]
        w, p = wilcoxon(values, alternative='greater', mode='exact')
        TESTS.append({'values': values, 'w': float(w), 'p': float(p)})

out = {
    'tool': 'shapely buffer in pyproj aeqd, pyproj Geod; scipy.stats.wilcoxon',
    'version': f'shapely {shapely.__version__}, pyproj {pyproj.__version__}, scipy {scipy.__version__}',
    'recipe': 'test/oracle/rings.py',
    'tolerance': 'areas 1e-3 of the ring (arcs are chords on both sides), p 1e-12',
    'rings': CASES,
    'signedRank': TESTS,
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'rings.json'), 'w') as f:
    json.dump(out, f)
    f.write('\n')
