#!/usr/bin/python3
"""Writes jp2.json: small JPEG 2000 files as GDAL's OpenJPEG driver writes them, and how GDAL reads them.

usage: /usr/bin/python3 test/oracle/jp2.py > test/oracle/jp2.json
"""
import base64, hashlib, json, os, sys, tempfile
import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()


def write(path, bits, width, height, block, pixel, epsg, extra=()):
    yy, xx = np.mgrid[0:height, 0:width]
    if bits > 8:
        values = 2000 + 1500 * np.sin(xx / 17.0) + 800 * np.cos(yy / 13.0) + 3 * ((xx * 7 + yy * 3) % 11)
        values = np.clip(values * (2 ** (bits - 12) if bits == 16 else 1), 1, 2**bits - 1)
        values[:20, :30] = 0
        kind, dtype = gdal.GDT_UInt16, 'u2'
    else:
        values = (xx // 9 + yy // 7) % 12
        kind, dtype = gdal.GDT_Byte, 'u1'
    memory = gdal.GetDriverByName('MEM').Create('', width, height, 1, kind)
    if epsg:
        crs = osr.SpatialReference()
        crs.ImportFromEPSG(epsg)
        memory.SetProjection(crs.ExportToWkt())
        memory.SetGeoTransform((399960, pixel, 0, 4200000, 0, -pixel))
    memory.GetRasterBand(1).WriteArray(values.astype(dtype))
    options = ['REVERSIBLE=YES', 'QUALITY=100', f'BLOCKXSIZE={block}', f'BLOCKYSIZE={block}', 'GeoJP2=NO', *extra]
    if bits not in (8, 16):
        options.append(f'NBITS={bits}')
    gdal.GetDriverByName('JP2OpenJPEG').CreateCopy(path, memory, options=options)


CASES = {
    'bands of 15 bits, tiles of 64': dict(bits=15, width=150, height=110, block=64, pixel=10, epsg=32647),
    'classes, tiles of 40': dict(bits=8, width=75, height=55, block=40, pixel=20, epsg=32647),
    '16 bits, precincts, other progression, markers': dict(
        bits=16, width=130, height=70, block=64, pixel=10, epsg=32733,
        extra=('PRECINCTS={32,32},{16,16}', 'PROGRESSION=RLCP', 'SOP=YES', 'EPH=YES', 'PLT=YES', 'TLM=YES', 'RESOLUTIONS=3')),
    'one tile': dict(bits=8, width=60, height=40, block=64, pixel=10, epsg=32647),
    'geographic': dict(bits=8, width=20, height=20, block=64, pixel=0.0001, epsg=4326),
    'no place': dict(bits=8, width=20, height=20, block=64, pixel=10, epsg=0),
}
files = {}
with tempfile.TemporaryDirectory() as folder:
    for name, case in CASES.items():
        path = os.path.join(folder, 'x.jp2')
        write(path, **case)
        raster = gdal.Open(path)
        pixels = raster.ReadAsArray()
        crs = raster.GetSpatialRef()
        files[name] = dict(
            base64=base64.b64encode(open(path, 'rb').read()).decode(),
            width=raster.RasterXSize,
            height=raster.RasterYSize,
            transform=raster.GetGeoTransform(can_return_null=True),
            epsg=None if crs is None else int(crs.GetAuthorityCode(None)),
            type=pixels.dtype.name,
            sha256=hashlib.sha256(pixels.astype(pixels.dtype.newbyteorder('<')).tobytes()).hexdigest(),
        )
        raster = None
        os.remove(path)
json.dump(
    dict(
        tool='GDAL, driver JP2OpenJPEG',
        version=gdal.VersionInfo('RELEASE_NAME'),
        recipe='test/oracle/jp2.py; transform is GDAL geotransform order; sha256 of the pixels, row-major, little-endian',
        tolerance='none: lossless',
        files=files,
    ),
    sys.stdout,
    indent=1,
)
