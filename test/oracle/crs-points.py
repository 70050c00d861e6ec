#!/usr/bin/python3
"""Points of every EPSG code that mine-rs knows, projected by PROJ: one or two points inside each area of use."""
import json, os
import pyproj

codes = [4326, 4269, 4258, 4490, 4617, 6318, 4674, 4283, 7844, 4167, 4612, 6668, 4171, 3857, 3005, 3035, 3577, 3979, 5070,
         6933, 3395, 3413, 3031, 2154, 2193, 3034, 3310, 3338, 3347, 3978, 6350, 7755, 9473, 3976, 3995]
codes += [32601, 32618, 32647, 32660, 32701, 32719, 32752, 32760, 26901, 26911, 26923, 25828, 25833, 25838, 28348, 28356,
          7846, 7850, 7859, 31965, 31970, 31976, 31977, 31982, 31985, 6330, 6340, 6348, 3154, 3157, 3158, 3160, 2955, 2957,
          2958, 2962, 4491, 4495, 4501, 4502, 4507, 4512, 4513, 4520, 4533, 4534, 4540, 4554]
out = []
for code in codes:
    crs = pyproj.CRS.from_epsg(code)
    # The projection alone: datums are taken as equal, so the base CRS' own longitude and latitude go in.
    base = crs.geodetic_crs if crs.is_projected else crs
    t = pyproj.Transformer.from_crs(base, crs, always_xy=True)
    w, s, e, n = crs.area_of_use.bounds
    if e < w: e += 360
    for u, v in ((0.3, 0.4), (0.7, 0.55)):
        lon, lat = w + u * (e - w), s + v * (n - s)
        if lon > 180: lon -= 360
        out.append([code, round(lon, 6), round(lat, 6), *t.transform(round(lon, 6), round(lat, 6))])
json.dump({"tool": "pyproj", "version": f"{pyproj.__version__}, PROJ {pyproj.proj_version_str}",
           "command": "/usr/bin/python3 test/oracle/crs-points.py",
           "tolerance": "1e-5 m or 1e-9 degrees", "columns": ["epsg", "lon", "lat", "x", "y"], "points": out},
          open(os.path.join(os.path.dirname(__file__), 'crs-points.json'), 'w'))
