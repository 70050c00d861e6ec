#!/usr/bin/python3
"""Small GeoTIFFs written by GDAL in many layouts, whole, with the SHA-256 of each band's pixels as GDAL reads them back.

usage: geotiff-layouts.py [--all DIR]   --all writes every combination into DIR instead, for a one-time comparison
"""
import base64, hashlib, itertools, json, os, sys, zlib
import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
rng = np.random.default_rng(7)
W, H, BANDS = 21, 19, 2
TYPES = dict(uint8=gdal.GDT_Byte, uint16=gdal.GDT_UInt16, int16=gdal.GDT_Int16, uint32=gdal.GDT_UInt32,
             int32=gdal.GDT_Int32, float32=gdal.GDT_Float32, float64=gdal.GDT_Float64)

def pixels(dtype):
    ramp = np.add.outer(np.arange(H) * 3, np.arange(W) * 2)[None] + np.arange(BANDS)[:, None, None] * 50
    a = ramp + rng.integers(0, 9, (BANDS, H, W)) + (0 if dtype.startswith('u') else -100)
    return (a / 7 if dtype.startswith('f') else a % 251 if dtype == 'uint8' else a * (1 if '16' in dtype else 70001)).astype(dtype)

def write(path, dtype, compress, predictor, endian, interleave, layout, nodata=None, fill=None):
    options = [f'COMPRESS={compress}', f'ENDIANNESS={endian}', f'INTERLEAVE={interleave}']
    if predictor > 1: options.append(f'PREDICTOR={predictor}')
    options += ['TILED=YES', 'BLOCKXSIZE=16', 'BLOCKYSIZE=16'] if layout == 'tiled' else ['BLOCKYSIZE=5']
    if fill is not None: options.append('SPARSE_OK=TRUE')
    ds = gdal.GetDriverByName('GTiff').Create(path, W, H, BANDS, TYPES[dtype], options)
    srs = osr.SpatialReference(); srs.ImportFromEPSG(32647); ds.SetProjection(srs.ExportToWkt())
    ds.SetGeoTransform([5e5, 30, 0, 4.2e6, 0, -30])
    if nodata is not None: [ds.GetRasterBand(b + 1).SetNoDataValue(nodata) for b in range(BANDS)]
    a = pixels(dtype)
    if fill is not None: ds.WriteRaster(16, 0, 5, 16, a[:, :16, 16:21].copy().tobytes(), buf_type=TYPES[dtype])
    else: ds.WriteRaster(0, 0, W, H, a.tobytes(), buf_type=TYPES[dtype])
    del ds

def record(path, name):
    ds = gdal.Open(path)
    sums = [hashlib.sha256(np.ascontiguousarray(ds.GetRasterBand(b + 1).ReadAsArray()).tobytes()).hexdigest() for b in range(BANDS)]
    return dict(name=name, sha256=sums)

def combinations():
    for dtype, compress, endian, interleave, layout in itertools.product(TYPES, ('NONE', 'LZW', 'DEFLATE', 'PACKBITS', 'ZSTD'), ('LITTLE', 'BIG'), ('PIXEL', 'BAND'), ('tiled', 'strips')):
        for predictor in (1, 2, 3):
            if predictor > 1 and compress in ('NONE', 'PACKBITS'): continue
            if predictor == 3 and not dtype.startswith('f'): continue
            yield dtype, compress, predictor, endian, interleave, layout

every = list(combinations())
if len(sys.argv) > 2:
    os.makedirs(sys.argv[2], exist_ok=True); out = []
    for c in every:
        name = '_'.join(map(str, c)); path = f'{sys.argv[2]}/{name}.tif'
        try: write(path, *c); out.append(record(path, name))
        except RuntimeError as e: print(name, e)
    json.dump(out, open(f'{sys.argv[2]}/all.json', 'w')); print(len(out))
    sys.exit()
chosen = every[::17]
out = []
for c in chosen + [('uint16', 'DEFLATE', 1, 'LITTLE', 'PIXEL', 'tiled', 9, 1), ('float32', 'LZW', 1, 'BIG', 'BAND', 'tiled', float('nan'), 1)]:
    name = '_'.join(map(str, c)); path = '/tmp/layout.tif'
    write(path, *c)
    out.append(dict(record(path, name), file=base64.b64encode(zlib.compress(open(path, 'rb').read(), 9)).decode()))
    os.remove(path)
json.dump(dict(tool='GDAL', version=gdal.__version__, command='/usr/bin/python3 test/oracle/geotiff-layouts.py', tolerance='none: equal pixels',
               width=W, height=H, bands=BANDS, files=out),
          open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'geotiff-layouts.json'), 'w'), indent=0)
