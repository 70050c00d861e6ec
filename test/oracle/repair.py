"""Random polygons that cross themselves, and the area of what GEOS makes of them.

Run: /usr/bin/python3 test/oracle/repair.py   (GDAL 3.6 with GEOS 3.11)
"""

import json
import os
import random

from osgeo import gdal, ogr

ogr.UseExceptions()
random.seed(20)
cases = []


def ring(points, size, x=0, y=0):
    out = [[x + random.randrange(size), y + random.randrange(size)] for _ in range(points)]
    return out + out[:1]


def area(polygons):
    text = ",".join("(" + ",".join("(" + ",".join(f"{x} {y}" for x, y in r) + ")" for r in p) + ")" for p in polygons)
    shape = ogr.CreateGeometryFromWkt(f"MULTIPOLYGON ({text})")
    valid = shape.MakeValid(["METHOD=STRUCTURE"])
    return valid.GetArea()


for k in range(60):
    # Small lattices make many vertices on vertices and on edges; large ones, clean crossings.
    size = (8, 40, 100_000)[k % 3]
    points = 4 + k // 3 * 2
    polygons = [[ring(points, size)]]
    if k % 2 == 1:
        polygons[0].append(ring(5, size // 2 or 2))
    if k % 4 == 3:
        polygons.append([ring(6, size, size // 2, size // 2)])
    cases.append({"polygons": polygons, "area": area(polygons)})
with open(os.path.join(os.path.dirname(__file__), "repair.json"), "w") as out:
    json.dump({"tool": "GEOS MakeValid, method structure, through GDAL", "version": f"GDAL {gdal.__version__}, GEOS 3.11",
               "recipe": "test/oracle/repair.py",
               "tolerance": "1e-6 of the area plus what a sliver of half a metre may have had",
               "cases": cases}, out, separators=(",", ":"))
    out.write("\n")
