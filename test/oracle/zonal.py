#!/usr/bin/python3
"""Writes zonal.json: statistics of zones over small rasters by plain loops. Needs pyproj, shapely and numpy."""
import json, math, os
import numpy as np, pyproj, shapely
from pyproj import CRS, Geod, Transformer
from shapely.geometry import MultiPolygon, Polygon, box as rectangle

SEED, W, H, NODATA = 20250310, 36, 28, -9999
GEOD = Geod(ellps='WGS84')
SINU = '+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R=6371007.181 +units=m +no_defs'
# name, CRS, cell size, longitude and latitude near the upper left corner
GRIDS = [
    ('UTM', 'EPSG:32647', 100, (99.45, 38.07)), ('Albers', 'EPSG:5070', 100, (-98.55, 38.07)),
    ('sinusoidal', SINU, 463.3127165, (99.45, 38.15)), ('web Mercator', 'EPSG:3857', 120, (99.45, 38.07)),
    ('degrees', 'EPSG:4326', 0.001, (99.45, 38.07)), ('degrees, coarse', 'EPSG:4326', 1.0, (80.0, 52.0)),
]
PERCENTS = [0, 10, 50, 90, 100]
rng = np.random.default_rng(SEED)
values = rng.integers(-500, 1500, (H, W)) / 8  # exact in float32, with ties
values[rng.random((H, W)) < 0.08] = NODATA
classes = rng.integers(0, 6, (H, W))  # 0 is no data


def densify(ring, n=200):
    return [(xa + (xb - xa) * k / n, ya + (yb - ya) * k / n) for (xa, ya), (xb, yb) in zip(ring[:-1], ring[1:]) for k in range(n)]


def geod_area(points):
    return abs(GEOD.polygon_area_perimeter([p[0] for p in points], [p[1] for p in points])[0])


def curved_area(shape, backward, step):
    parts = [p for p in getattr(shape, 'geoms', [shape]) if p.geom_type == 'Polygon']
    def ring(r):
        edges = zip(r.coords[:-1], r.coords[1:])
        return geod_area([backward(*p) for a, b in edges for p in densify([a, b], max(1, math.ceil(math.dist(a, b) / step)))])
    return sum(ring(p.exterior) - sum(ring(h) for h in p.interiors) for p in parts)


def statistics(value, weight, share, missing):
    ok = (share > 1e-12) & (value != missing)
    v, w, s = value[ok].astype(float), weight[ok], share[ok]
    if not ok.any(): return dict(cells=0, count=0, validM2=0)
    mean = (w * v).sum() / w.sum()
    order = np.argsort(v, kind='stable'); reached = np.cumsum(w[order])
    quantiles = [float(v[order][min(len(v) - 1, np.searchsorted(reached, q / 100 * reached[-1] * (1 - 1e-12)))] if q < 100 else v.max()) for q in PERCENTS]
    kinds, at = np.unique(v, return_inverse=True); area = np.bincount(at, w)
    return dict(cells=int(ok.sum()), count=s.sum(), validM2=w.sum(), mean=mean, sd=math.sqrt((w * (v - mean) ** 2).sum() / w.sum()),
                min=v.min(), max=v.max(), sum=(s * v).sum(), quantiles=quantiles, majority=kinds[(area > area.max() * (1 - 1e-9)).argmax()], variety=len(kinds),
                classes=[[k, a] for k, a in zip(kinds.tolist(), area.tolist())] if missing == 0 else None)


cases = []
for name, crs, size, (lon, lat) in GRIDS:
    to_crs = Transformer.from_crs(CRS(crs).geodetic_crs, crs, always_xy=True) if name != 'sinusoidal' else pyproj.Proj(SINU)
    to_lonlat = Transformer.from_crs(crs, CRS(crs).geodetic_crs, always_xy=True) if name != 'sinusoidal' else None
    forward = (lambda x, y: to_crs(x, y)) if name == 'sinusoidal' else to_crs.transform
    backward = (lambda x, y: to_crs(x, y, inverse=True)) if name == 'sinusoidal' else to_lonlat.transform
    x, y = forward(lon, lat)
    x0, y0 = (lon, lat) if name.startswith('degrees') else (round(x / size) * size, round(y / size) * size)
    corners = [backward(x0 + size * c, y0 - size * r) for c in (3, W - 3) for r in (3, H - 3)]
    west, east = max(c[0] for c in corners[:2]), min(c[0] for c in corners[2:])
    south, north = max(corners[1][1], corners[3][1]), min(corners[0][1], corners[2][1])
    at = lambda ring: [[round(west + (east - west) * u, 7), round(south + (north - south) * v, 7)] for u, v in ring]
    zones = [
        ('pit', [[at([(.05, .1), (.5, .02), (.62, .55), (.3, .8), (.05, .1)]), at([(.2, .2), (.25, .5), (.4, .45), (.2, .2)])]]),
        ('two', [[at([(.7, .6), (.98, .65), (.8, .97), (.7, .6)])], [at([(.66, .1), (.67, .1), (.95, .4), (.66, .1)])]]),
        ('beyond', [[at([(-.5, .7), (.2, .75), (.1, 1.6), (-.5, .7)])]]),
    ]
    cell_area = np.array([[geod_area([backward(*p) for p in densify([(x0 + size * c, y0 - size * r), (x0 + size * (c + 1), y0 - size * r),
        (x0 + size * (c + 1), y0 - size * (r + 1)), (x0 + size * c, y0 - size * (r + 1)), (x0 + size * c, y0 - size * r)], 2000 if size == 1 else 40)])
        for c in range(W)] for r in range(H)])
    found = []
    for zone, polygons in zones:
        dense = lambda ring: [forward(*p) for p in densify(ring, 2000)]
        shape = MultiPolygon([Polygon(dense(p[0]), [dense(h) for h in p[1:]]) for p in polygons])
        area = sum((-1 if k else 1) * geod_area(densify(ring, 5000)) for p in polygons for k, ring in enumerate(p))
        share, inside = np.zeros((H, W)), np.zeros((H, W))
        for r in range(H):
            for c in range(W):
                box = rectangle(x0 + size * c, y0 - size * (r + 1), x0 + size * (c + 1), y0 - size * r)
                if not shape.intersects(box): continue
                part = shape.intersection(box)
                share[r, c] = part.area / box.area
                inside[r, c] = cell_area[r, c] if share[r, c] > 1 - 1e-12 else curved_area(part, backward, size / (2000 if size == 1 else 40))
        found.append(dict(id=zone, polygons=polygons, areaM2=area, values=statistics(values, inside, share, NODATA),
                          classes=statistics(classes, inside, share, 0)))
    cases.append(dict(name=name, crs=crs, transform=[size, 0, x0, 0, -size, y0], zones=found))

out = {
    'tool': 'pyproj Geod, shapely, numpy', 'version': f'{pyproj.__version__}, {shapely.__version__}, {np.__version__}',
    'command': '/usr/bin/python3 test/oracle/zonal.py',
    'recipe': f'default_rng({SEED}); share by intersection of the densified, projected polygon with each cell; weight = area of the part '
              'of the cell, and polygon areas, by Geod on densified edges; quantile = first value at which the weights reach the share of their total',
    'tolerance': '5e-7 relative: cells cut by an edge are measured in parts, so that a zone is good to about 1e-7',
    'width': W, 'height': H, 'nodata': NODATA, 'percents': PERCENTS, 'values': values.ravel().tolist(), 'classes': classes.ravel().tolist(), 'cases': cases,
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'zonal.json'), 'w') as file:
    file.write(json.dumps(out, separators=(',', ':'), default=float).replace('{"name"', '\n{"name"') + '\n')
