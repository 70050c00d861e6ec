"""Well-known texts of CRS in the words of ESRI, GDAL and WKT 2, and points in them.

Run: /usr/bin/python3 test/oracle/wkt-crs.py   (GDAL 3.6 and pyproj)
"""

import json
import os

import pyproj
from osgeo import gdal, osr

osr.UseExceptions()
CODES = {4326: (99, 38), 4269: (-110, 50), 32647: (99, 38), 32719: (-69, -24), 26912: (-110, 50), 25833: (15, 51),
         3857: (99, 38), 5070: (-96, 40), 3577: (140, -25), 3035: (15, 51), 3413: (-40, 75), 3031: (30, -75),
         6933: (99, 38), 28355: (148, -30), 4490: (112, 40), 4547: (114, 40), 3979: (-110, 57), 31983: (-45, -20),
         2193: (173, -41), 3395: (99, 38)}
UNKNOWN = [27700, 4284, 31467, 2263, 4267, 3034]

cases = []
for code, (lon, lat) in CODES.items():
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(code)
    # From its own longitude and latitude: datums near WGS 84 are taken as it.
    system = pyproj.CRS(code)
    move = pyproj.Transformer.from_crs(system.geodetic_crs, system, always_xy=True)
    x, y = move.transform(lon, lat)
    for flavour in ("WKT1_GDAL", "WKT1_ESRI", "WKT2_2019"):
        cases.append({"code": code, "flavour": flavour, "lonLat": [lon, lat], "point": [x, y],
                      "wkt": srs.ExportToWkt([f"FORMAT={flavour}"])})
refused = []
for code in UNKNOWN[:-1]:
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(code)
    refused.append({"code": code, "name": srs.GetName(), "wkt": srs.ExportToWkt(["FORMAT=WKT1_ESRI"])})
with open(os.path.join(os.path.dirname(__file__), "wkt-crs.json"), "w") as out:
    json.dump({"tool": "GDAL osr and pyproj", "version": f"{gdal.__version__}, {pyproj.__version__}",
               "recipe": "test/oracle/wkt-crs.py",
               "tolerance": "1e-3 m, 1e-9 degrees: texts keep some twelve digits; datums near WGS 84 are taken as it",
               "cases": cases, "refused": refused}, out, separators=(",", ":"))
    out.write("\n")
