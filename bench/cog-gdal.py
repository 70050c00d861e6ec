#!/usr/bin/python3
"""GDAL's COG driver on 2 threads, and its validation: what bench/cog.ts is held against.

usage: cog-gdal.py PIXELS SIDE OUT [VALIDATE...]   PIXELS is a file of uint16, row-major; prints seconds of wall clock
"""
import sys
import time

import numpy as np
from osgeo import gdal, gdal_array, osr

gdal.UseExceptions()
pixels, side, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
image = gdal_array.OpenArray(np.fromfile(pixels, "u2").reshape(side, side))
image.SetGeoTransform([540000, 30, 0, 4216000, 0, -30])
crs = osr.SpatialReference()
crs.ImportFromEPSG(32647)
image.SetProjection(crs.ExportToWkt())
image.GetRasterBand(1).SetNoDataValue(0)
options = ["COMPRESS=DEFLATE", "LEVEL=6", "PREDICTOR=YES", "NUM_THREADS=2", "BLOCKSIZE=512", "OVERVIEWS=IGNORE_EXISTING", "RESAMPLING=AVERAGE"]
started = time.perf_counter()
copy = gdal.GetDriverByName("COG").CreateCopy(out, image, options=options)
copy = None
print(time.perf_counter() - started)
for path in sys.argv[4:]:
    from osgeo_utils.samples import validate_cloud_optimized_geotiff as validator

    warnings, errors, _ = validator.validate(path, full_check=True)
    assert not warnings and not errors, (path, warnings, errors)
    theirs, ours = gdal.Open(out), gdal.Open(path)
    assert ours.GetRasterBand(1).Checksum() == theirs.GetRasterBand(1).Checksum(), "other pixels"
    assert ours.GetRasterBand(1).GetOverviewCount() == theirs.GetRasterBand(1).GetOverviewCount(), "other overviews"
