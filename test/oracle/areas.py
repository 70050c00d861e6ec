#!/usr/bin/python3
"""Writes areas.json: ellipsoidal areas of grid cells and of polygons by pyproj's Geod. Needs pyproj."""
import json, math, os
import pyproj
from pyproj import CRS, Geod, Transformer

GEOD = Geod(ellps='WGS84')
# name, EPSG, cell size, origin, width, height
GRIDS = [
    ('UTM 47N, Jiangcang', 32647, 30, (540000, 4225000), 1200, 900),
    ('UTM 47N, a whole Landsat scene', 32647, 30, (350000, 4300000), 7800, 7900),
    ('UTM 10N, 10 m', 26910, 10, (480000, 5980000), 2000, 2000),
    ('UTM 55S', 32755, 30, (300000, 6300000), 3000, 3000),
    ('Albers, USA', 5070, 30, (-1200000, 1900000), 5000, 5000),
    ('Albers, British Columbia', 3005, 30, (900000, 1000000), 4000, 4000),
    ('Albers, Australia', 3577, 30, (1400000, -3400000), 4000, 4000),
    ('Web Mercator, 38 N', 3857, 30, (11060000, 4620000), 4000, 4000),
    ('Web Mercator, 60 N', 3857, 1000, (1000000, 8500000), 900, 900),
    ('LAEA, Europe', 3035, 20, (4300000, 3100000), 5000, 5000),
    ('LCC, Canada', 3979, 30, (-1500000, 1200000), 5000, 5000),
    ('Polar stereographic, north', 3413, 1000, (-600000, 600000), 1200, 1200),
    ('Polar stereographic, south', 3031, 1000, (-600000, 600000), 1200, 1200),
    ('EASE-Grid', 6933, 1000, (-9000000, 5000000), 2000, 2000),
    ('Degrees, 1 second', 4326, 1 / 3600, (99.3, 38.2), 1000, 1000),
    ('Degrees, a quarter', 4326, 0.25, (-180, 90), 1440, 720),
]


def to_lonlat(epsg):
    # To the CRS's own longitude and latitude: NAD 83 and ETRS 89 are taken as WGS 84, without a shift of datum.
    return Transformer.from_crs(epsg, CRS(epsg).geodetic_crs, always_xy=True)


# Geodesic areas carry noise of about 1e-5 m², so small cells are measured together, in square blocks.
def cell_area(to_ll, x, y, size, n=32):
    step = [k / n for k in range(n)]
    ring = [(x + size * s, y) for s in step] + [(x + size, y - size * s) for s in step]
    ring += [(x + size * (1 - s), y - size) for s in step] + [(x, y - size * (1 - s)) for s in step]
    lon, lat = to_ll.transform([p[0] for p in ring], [p[1] for p in ring])
    return abs(GEOD.polygon_area_perimeter(lon, lat)[0])


grids = []
for name, epsg, size, (x0, y0), w, h in GRIDS:
    to_ll = to_lonlat(epsg)
    cells = []
    BLOCK = 1 if size >= 0.25 and size < 1 or size >= 1000 else 100 if size < 1 else 40
    for row in sorted({0, 1, h // 3, h // 2 + 7, h - BLOCK}):
        for col in sorted({0, 1, w // 3, w // 2 + 7, w - BLOCK}):
            # An edge along a parallel is no geodesic: the more degrees a cell spans, the more pieces it takes.
            cells.append([col, row, cell_area(to_ll, x0 + size * col, y0 - size * row, size * BLOCK, 2000 if size == 0.25 else 64)])
    grids.append(dict(name=name, epsg=epsg, size=size, origin=[x0, y0], width=w, height=h, block=BLOCK, cells=cells))


def ring_area(ring, step):
    lon, lat = [], []
    for (xa, ya), (xb, yb) in zip(ring[:-1], ring[1:]):
        n = max(1, math.ceil(math.hypot(xb - xa, yb - ya) / step))
        lon += [xa + (xb - xa) * k / n for k in range(n)]; lat += [ya + (yb - ya) * k / n for k in range(n)]
    return lon, lat


def polygon_area(polygons, step, to_ll=None):
    total = 0
    for polygon in polygons:
        for k, ring in enumerate(polygon):
            x, y = ring_area(ring, step)
            if to_ll: x, y = to_ll.transform(x, y)
            total += (-1 if k else 1) * abs(GEOD.polygon_area_perimeter(x, y)[0])
    return total


PIT = [[[[99.4611, 38.0312], [99.4903, 38.0277], [99.5234, 38.0418], [99.5017, 38.0613], [99.4722, 38.0521], [99.4611, 38.0312]],
        [[99.4801, 38.0362], [99.4807, 38.0451], [99.4952, 38.0471], [99.4949, 38.0379], [99.4801, 38.0362]]],
       [[[99.531, 38.05], [99.533, 38.0507], [99.5325, 38.0519], [99.531, 38.05]]]]
POLYGONS = [
    ('a pit of two parts with a hole', 4326, 2e-5, PIT),
    ('one pixel', 4326, 1e-5, [[[[99.5, 38], [99.50034, 38], [99.50034, 38.00027], [99.5, 38.00027], [99.5, 38]]]]),
    ('a country', 4326, 1e-3, [[[[78, 10], [78, 5], [82, 5], [82, 10], [78, 10]], [[79, 6], [81, 6], [80.5, 9], [79, 6]]]]),
    ('far south', 4326, 2e-5, [[[[146.1, -38.2], [146.4, -38.25], [146.35, -38.05], [146.1, -38.2]]]]),
    ('across the equator', 4326, 1e-3, [[[[20, -3], [25, -1], [23, 4], [20, -3]]]]),
    ('UTM 10N', 26910, 5, [[[[492000, 5966000], [494000, 5966000], [494000, 5969000], [492000, 5968000], [492000, 5966000]]]]),
    ('BC Albers', 3005, 20, [[[[900000, 700000], [930000, 700000], [920000, 740000], [900000, 700000]]]]),
]
polygons = []
for name, epsg, step, coordinates in POLYGONS:
    to_ll = None if epsg == 4326 else to_lonlat(epsg)
    polygons.append(dict(name=name, epsg=epsg, coordinates=coordinates, areaM2=polygon_area(coordinates, step, to_ll)))

out = {
    'tool': 'pyproj Geod', 'version': f'{pyproj.__version__}, PROJ {pyproj.proj_version_str}', 'command': '/usr/bin/python3 test/oracle/areas.py',
    'recipe': 'block of cells: its outline in 4 × 64 points (4 × 2000 for a quarter of a degree), to lon/lat, geodesic polygon area; '
              'polygon: edges straight in its CRS, densified, to lon/lat, geodesic polygon area',
    'tolerance': 'blocks 2e-9 relative (as far as geodesics between the points follow the outline); polygons 1e-8',
    'grids': grids, 'polygons': polygons,
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'areas.json'), 'w') as file:
    file.write(json.dumps(out, separators=(',', ':'), ensure_ascii=False).replace('{"name"', '\n{"name"') + '\n')
