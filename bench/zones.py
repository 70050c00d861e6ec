#!/usr/bin/python3
"""The zone statistics of bench/zones.ts by rasterio.features.rasterize and numpy: cells belong to the zone of their middle.

Usage: /usr/bin/python3 bench/zones.py RASTER ZONES.geojson (zones do not overlap)
"""
import json, sys
import numpy as np, rasterio
from rasterio.features import rasterize

raster, zones = sys.argv[1:3]
shapes = [(feature['geometry'], k + 1) for k, feature in enumerate(json.load(open(zones))['features'])]
with rasterio.open(raster) as file:
    values = file.read(1)
    ids = rasterize(shapes, out_shape=values.shape, transform=file.transform, fill=0, dtype='int32')
valid = np.isfinite(values) & (ids > 0)
ids, values, n = ids[valid], values[valid].astype('float64'), len(shapes) + 1
count = np.bincount(ids, minlength=n)
total = np.bincount(ids, values, n)
mean = total / np.maximum(count, 1)
deviation = np.sqrt(np.bincount(ids, (values - mean[ids]) ** 2, n) / np.maximum(count, 1))
least, most = np.full(n, np.inf), np.full(n, -np.inf)
np.minimum.at(least, ids, values)
np.maximum.at(most, ids, values)
print(json.dumps({'zones': int((count[1:] > 0).sum()), 'mean': float(mean[1]), 'sd': float(deviation[1]), 'min': float(least[1])}))
