#!/usr/bin/python3
"""What GDAL's warper makes of small rasters: the four pairs of CRS that users meet, and sources finer than the target."""
import json, os
import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
osr.UseExceptions()
MODIS = '+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R=6371007.181 +units=m +no_defs'


def crs(code):
    s = osr.SpatialReference()
    s.ImportFromEPSG(code) if isinstance(code, int) else s.ImportFromProj4(code)
    s.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return s


def place(code, lon, lat):
    return osr.CoordinateTransformation(crs(4326), crs(code)).TransformPoint(lon, lat)[:2]


def pixels(kind, size):
    """The same formulas stand in the test."""
    row, col = np.mgrid[0:size, 0:size]
    if kind == 'classes':
        return (((col // 4) * 5 + (row // 3) * 7 + (col * row) % 3) % 6 + 1).astype('u1')
    if kind == 'ramp':
        return (3 * col + 2 * row).astype('f4')
    values = ((7 * col * col + 13 * row * row + 5 * col * row) % 251).astype('f4')
    values[(7 * col + 3 * row) % 53 == 0] = np.nan
    return values


def warp(case, method, scale):
    data = pixels(case['pixels'], case['size'])
    a, _, c, _, e, f = case['source']
    source = gdal.GetDriverByName('MEM').Create('', case['size'], case['size'], 1, gdal.GDT_Byte if data.dtype == 'u1' else gdal.GDT_Float32)
    source.SetGeoTransform((c, a, 0, f, 0, e))
    source.SetProjection(crs(case['sourceCrs']).ExportToWkt())
    source.GetRasterBand(1).WriteArray(data)
    nodata = 0 if data.dtype == 'u1' else float('nan')
    source.GetRasterBand(1).SetNoDataValue(nodata)
    col, row, width, height = case['window']
    p, _, left, _, _, top = case['target']
    bounds = (left + col * p, top - (row + height) * p, left + (col + width) * p, top - row * p)
    out = gdal.Warp('', source, format='MEM', dstSRS=crs(case['targetCrs']).ExportToWkt(), outputBounds=bounds, xRes=p, yRes=p,
                    resampleAlg=method, errorThreshold=0, dstNodata=nodata,
                    warpOptions=[f'XSCALE={scale}', f'YSCALE={scale}'])
    return [None if np.isnan(v) else round(float(v), 5) for v in out.ReadAsArray().ravel().tolist()]


cases = []
for name, source_crs, source_pixel, target_crs, lon, lat in (
    ('UTM to the neighbouring zone', 32648, 30, 32647, 102.2, 38),
    ('UTM to Albers', 32614, 30, 5070, -97.8, 36.5),
    ('sinusoidal to UTM', MODIS, 463.312716528, 32647, 99.5, 38),
    ('geographic to UTM', 4326, 0.00034, 32647, 99.5, 38),
):
    size, window, pixel = 60, [80, 75, 40, 32], 463 if source_crs == MODIS else 30
    x, y = place(target_crs, lon, lat)
    target = [pixel, 0, round(x) - 100 * pixel, 0, -pixel, round(y) + 91 * pixel]
    x, y = place(source_crs, lon, lat)
    source = [source_pixel, 0, x - source_pixel * size / 2, 0, -source_pixel, y + source_pixel * size / 2]
    case = dict(name=name, sourceCrs=source_crs, targetCrs=target_crs, source=source, target=target, window=window, size=size, pixels='values')
    case['results'] = {method: warp(case, method, 1) for method in ('near', 'bilinear', 'cubic')}
    cases.append(case)
for name, kind, source_crs, source_pixel, pixel, methods in (
    ('2.5 times finer', 'values', 32647, 10, 25, ('bilinear', 'cubic', 'average')),
    ('3 times finer', 'classes', 32647, 10, 30, ('mode',)),
    ('3 times finer, in the neighbouring zone', 'ramp', 32648, 10, 30, ('bilinear', 'cubic', 'average')),
):
    size, window = 96, [10, 20, 24, 20]
    shift_x, shift_y = (0, 0) if kind == 'classes' else (3, -1)
    x, y = place(32647, 102.2, 38)
    target = [pixel, 0, round(x) - 22 * pixel, 0, -pixel, round(y) + 30 * pixel]
    x, y = place(source_crs, 102.2, 38)
    source = [source_pixel, 0, round(x) - source_pixel * size / 2 + shift_x, 0, -source_pixel, round(y) + source_pixel * size / 2 + shift_y]
    case = dict(name=name, sourceCrs=source_crs, targetCrs=32647, source=source, target=target, window=window, size=size, pixels=kind)
    case['results'] = {method: warp(case, method, source_pixel / pixel) for method in methods}
    cases.append(case)

json.dump(dict(tool='GDAL', version=gdal.__version__, command='/usr/bin/python3 test/oracle/warp.py',
               recipe='gdal.Warp with errorThreshold=0 (gdalwarp -et 0) and the warp options XSCALE, YSCALE = target pixels a source pixel',
               tolerance='see test/raster/warp/gdal.test.ts', cases=cases),
          open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'warp.json'), 'w'))
