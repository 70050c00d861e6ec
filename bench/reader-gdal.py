#!/usr/bin/python3
"""GDAL's side of bench/reader.ts: makes the files, then reads what it is told to, one line a read.

usage: reader-gdal.py DIR     (started by bench/reader.ts)
"""
import json, os, sys, time
import numpy as np
from osgeo import gdal

gdal.UseExceptions()
gdal.SetConfigOption('GDAL_NUM_THREADS', '1')
folder = sys.argv[1]
SIDE, FILES = 4096, 20

def scene(side, seed):
    """Reflectances: land in soft patches, sensor noise."""
    rng = np.random.default_rng(seed)
    coarse = rng.random((side // 64 + 2, side // 64 + 2))
    y, x = np.mgrid[0:side, 0:side] / 64.0
    i, j, u, v = y.astype(int), x.astype(int), y % 1, x % 1
    land = coarse[i, j] * (1 - u) * (1 - v) + coarse[i + 1, j] * u * (1 - v) + coarse[i, j + 1] * (1 - u) * v + coarse[i + 1, j + 1] * u * v
    return (7500 + 9000 * land + rng.normal(0, 60, land.shape)).astype(np.uint16)

def make(name, a, kind, options):
    path = os.path.join(folder, name)
    if os.path.exists(path): return
    ds = gdal.GetDriverByName('GTiff').Create(path, a.shape[1], a.shape[0], 1, kind, ['TILED=YES', 'BLOCKXSIZE=512', 'BLOCKYSIZE=512'] + options)
    ds.WriteRaster(0, 0, a.shape[1], a.shape[0], a.tobytes(), buf_type=kind)

big = scene(SIDE, 1)
make('deflate2.tif', big, gdal.GDT_UInt16, ['COMPRESS=DEFLATE', 'PREDICTOR=2'])
make('deflate.tif', big, gdal.GDT_UInt16, ['COMPRESS=DEFLATE'])
make('zstd2.tif', big, gdal.GDT_UInt16, ['COMPRESS=ZSTD', 'PREDICTOR=2'])
make('lzw.tif', big, gdal.GDT_UInt16, ['COMPRESS=LZW'])
make('lzw2.tif', big, gdal.GDT_UInt16, ['COMPRESS=LZW', 'PREDICTOR=2'])
make('none.tif', big, gdal.GDT_UInt16, [])
make('float3.tif', (big * 2.75e-5 - 0.2).astype(np.float32), gdal.GDT_Float32, ['COMPRESS=DEFLATE', 'PREDICTOR=3'])
for k in range(FILES): make(f'stack{k}.tif', scene(2048, k), gdal.GDT_UInt16, ['COMPRESS=DEFLATE', 'PREDICTOR=2'])

print('ready', flush=True)
room = bytearray(SIDE * SIDE * 4)
for line in sys.stdin:
    names, col, row, width, height, threads = json.loads(line)
    wall, cpu = time.perf_counter(), time.process_time()
    for name in names:
        ds = gdal.OpenEx(os.path.join(folder, name), gdal.OF_RASTER, open_options=[f'NUM_THREADS={threads}'])
        band = ds.GetRasterBand(1)
        out = memoryview(room)[:width * height * gdal.GetDataTypeSize(band.DataType) // 8]
        band.ReadRaster(col, row, width, height, buf_obj=out)
        del band, ds
    print(json.dumps([time.perf_counter() - wall, time.process_time() - cpu]), flush=True)
