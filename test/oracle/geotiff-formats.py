#!/usr/bin/python3
"""Tiny GeoTIFFs of unusual sample types and codecs written by GDAL, whole, with the SHA-256 of each band's pixels as GDAL
reads them back, and what GDAL says of nodata, scale, offset, mask and overviews.

usage: geotiff-formats.py [--all DIR]   --all keeps the files in DIR, and writes all combinations
"""
import base64, hashlib, itertools, json, os, shutil, struct, sys, tempfile, zlib
import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
gdal.SetConfigOption('GDAL_TIFF_INTERNAL_MASK', 'YES')
rng = np.random.default_rng(11)
W, H = 21, 19
TYPES = dict(uint8=gdal.GDT_Byte, uint16=gdal.GDT_UInt16, int16=gdal.GDT_Int16, uint32=gdal.GDT_UInt32, int32=gdal.GDT_Int32,
             int64=gdal.GDT_Int64, uint64=gdal.GDT_UInt64, float32=gdal.GDT_Float32, float64=gdal.GDT_Float64)
ALL = len(sys.argv) > 2
folder = sys.argv[2] if ALL else tempfile.mkdtemp()
os.makedirs(folder, exist_ok=True)
cases, failed = [], []

def image(bands, dtype, bits=None, smooth=False):
    y, x = np.mgrid[0:H, 0:W]
    a = np.stack([(np.sin(x / (5 + b)) + np.cos(y / 4)) * 60 + 128 + b * 9 for b in range(bands)])
    if not smooth: a = a + rng.integers(0, 12, a.shape)
    if dtype.startswith('float'): return ((a - 128) / 7).astype(dtype)
    if bits: return (a.astype(np.int64) * 2654435761 >> 7 & ((1 << bits) - 1)).astype(dtype)
    if dtype in ('int64', 'uint64'): return (a * (1 << 43)).astype(np.int64).astype(dtype) - np.array(1 << 48 if dtype == 'int64' else 0, dtype)
    return (a - (200 if dtype.startswith('int') else 0)).astype(dtype)

def record(name, path):
    ds = gdal.Open(path)
    sums = [hashlib.sha256(ds.GetRasterBand(b + 1).ReadRaster()).hexdigest() for b in range(ds.RasterCount)]
    band = ds.GetRasterBand(1); nd = band.GetNoDataValue()
    flags = band.GetMaskFlags()
    cases.append(dict(name=name, bands=ds.RasterCount, type=gdal.GetDataTypeName(band.DataType).replace('Byte', 'UInt8').lower(), sha256=sums,
        nodata=None if nd is None else str(nd), scale=band.GetScale() or 1, offset=band.GetOffset() or 0,
        description=band.GetDescription() or None,
        overviews=[[band.GetOverview(i).XSize, band.GetOverview(i).YSize] for i in range(band.GetOverviewCount())], maskFlags=flags, path=path))
    del ds

def write(name, dtype, bands, options, a, nodata=None, edit=None):
    path = os.path.join(folder, name + '.tif')
    try:
        ds = gdal.GetDriverByName('GTiff').Create(path, W, H, bands, TYPES[dtype], options)
        srs = osr.SpatialReference(); srs.ImportFromEPSG(32647); ds.SetProjection(srs.ExportToWkt())
        ds.SetGeoTransform([5e5, 30, 0, 4.2e6, 0, -30])
        if nodata is not None: [ds.GetRasterBand(b + 1).SetNoDataValue(nodata) for b in range(bands)]
        if a is not None: ds.WriteRaster(0, 0, W, H, np.ascontiguousarray(a).tobytes(), buf_type=TYPES[dtype])
        if edit: edit(ds)
        del ds
        record(name, path)
    except RuntimeError as e:
        failed.append((name, str(e)[:100]))

def layouts(every):
    for tiled, interleave, endian in itertools.product((1, 0), ('PIXEL', 'BAND'), ('LITTLE', 'BIG')):
        if not every and (tiled, interleave, endian) not in ((1, 'PIXEL', 'LITTLE'), (0, 'BAND', 'BIG')): continue
        yield f"{'tiled' if tiled else 'strips'}_{interleave}_{endian}", (['TILED=YES', 'BLOCKXSIZE=16', 'BLOCKYSIZE=16'] if tiled else ['BLOCKYSIZE=8']) + [f'INTERLEAVE={interleave}', f'ENDIANNESS={endian}']

# Bit depths.
for bits in range(1, 32) if ALL else (1, 2, 4, 7, 11, 12, 17, 24):
    if bits in (8, 16): continue
    dtype = 'uint8' if bits < 8 else 'uint16' if bits < 16 else 'uint32'
    for where, options in layouts(ALL):
        for codec in ('NONE', 'DEFLATE', 'LZW') if ALL else ('LZW',):
            write(f'bits{bits}_{codec}_{where}', dtype, 2, options + [f'NBITS={bits}', f'COMPRESS={codec}'], image(2, dtype, bits))
# Float16, 64-bit integers, predictors.
for where, options in layouts(ALL):
    for codec in ('NONE', 'DEFLATE', 'ZSTD'):
        if not ALL and codec == 'NONE': continue
        for predictor in (1, 2, 3):
            if codec == 'NONE' and predictor > 1: continue
            p = [f'COMPRESS={codec}'] + ([f'PREDICTOR={predictor}'] if predictor > 1 else [])
            a = image(2, 'float32'); a[0, :2, :5] = [[np.nan, np.inf, -np.inf, 1e-7, -3e-8], [0, -0.0, 65504, 1e6, 6.1e-5]]
            write(f'half_{codec}_{predictor}_{where}', 'float32', 2, options + p + ['NBITS=16'], a)
            if predictor == 3:
                write(f'double_{codec}_3_{where}', 'float64', 2, options + p, image(2, 'float64'))
                continue
            for dtype in ('int64', 'uint64'): write(f'{dtype}_{codec}_{predictor}_{where}', dtype, 2, options + p, image(2, dtype))
big = image(1, 'int64'); big[0, 0, 0] = -2**63; big[0, 0, 1] = 2**63 - 1; big[0, 0, 2] = 2**53 + 1
write('int64_beyond', 'int64', 1, ['COMPRESS=DEFLATE'], big)
low = image(1, 'int64'); low[0, :3] = -2**63
write('int64_nodata', 'int64', 1, [], low, edit=lambda ds: ds.GetRasterBand(1).SetNoDataValueAsInt64(-2**63) if hasattr(ds.GetRasterBand(1), 'SetNoDataValueAsInt64') else ds.GetRasterBand(1).SetNoDataValue(-2**63))
# LERC, plain and packed, with lost precision, with NaN (kept as a mask), and with alpha.
for codec, dtype in itertools.product(('LERC', 'LERC_DEFLATE', 'LERC_ZSTD'), ('uint8', 'int16', 'uint16', 'int32', 'uint32', 'float32', 'float64')):
    if not ALL and (codec, dtype) not in (('LERC', 'uint16'), ('LERC_DEFLATE', 'float32'), ('LERC_ZSTD', 'float64'), ('LERC', 'int16')): continue
    for where, options in layouts(ALL):
        write(f'{codec}_{dtype}_{where}', dtype, 2, options + [f'COMPRESS={codec}'], image(2, dtype))
        if ALL: write(f'{codec}_{dtype}_lossy_{where}', dtype, 2, options + [f'COMPRESS={codec}', 'MAX_Z_ERROR=1'], image(2, dtype))
nan = image(1, 'float32'); nan[0, 3:9, 5:20] = np.nan
write('LERC_nan', 'float32', 1, ['COMPRESS=LERC', 'TILED=YES', 'BLOCKXSIZE=16', 'BLOCKYSIZE=16'], nan, nodata=float('nan'))
rgba = image(4, 'uint8'); rgba[3] = 255; rgba[3, :, :9] = 0
write('LERC_alpha', 'uint8', 4, ['COMPRESS=LERC', 'PHOTOMETRIC=RGB', 'ALPHA=YES', 'INTERLEAVE=PIXEL'], rgba)
# JPEG: grey, RGB, YCbCr with each subsampling, four bands, tables in the tag or not.
for quality, tables in ((75, 1), (90, 3), (30, 0)) if ALL else ((75, 1), (90, 0)):
    q = [f'COMPRESS=JPEG', f'JPEG_QUALITY={quality}', f'JPEGTABLESMODE={tables}']
    for where, options in layouts(ALL):
        for smooth in (True, False) if ALL else (False,):
            tag = f'q{quality}_t{tables}_{where}{"_smooth" if smooth else ""}'
            write(f'JPEG_grey_{tag}', 'uint8', 1, options + q, image(1, 'uint8', smooth=smooth))
            write(f'JPEG_rgb_{tag}', 'uint8', 3, options + q + ['PHOTOMETRIC=RGB'], image(3, 'uint8', smooth=smooth))
            if 'PIXEL' not in where: continue
            write(f'JPEG_rgba_{tag}', 'uint8', 4, options + q + ['PHOTOMETRIC=RGB', 'ALPHA=YES'], image(4, 'uint8', smooth=smooth))
            write(f'JPEG_ycc_{tag}', 'uint8', 3, options + q + ['PHOTOMETRIC=YCBCR'], image(3, 'uint8', smooth=smooth))
# WebP, lossy and lossless, RGB and RGBA.
for bands, lossless in itertools.product((3, 4), ('YES', 'NO')):
    for where, options in layouts(ALL):
        if 'PIXEL' not in where: continue
        write(f'WEBP_{bands}_{lossless}_{where}', 'uint8', bands, options + ['COMPRESS=WEBP', f'WEBP_LOSSLESS={lossless}'], image(bands, 'uint8'))
# LZMA.
for dtype in ('uint8', 'uint16', 'float32') if ALL else ('uint16',):
    for predictor in (1, 2):
        for where, options in layouts(ALL):
            write(f'LZMA_{dtype}_{predictor}_{where}', dtype, 2, options + ['COMPRESS=LZMA', f'PREDICTOR={predictor}'], image(2, dtype))
# Signed bytes, masks, overviews, scale, sparse 64-bit blocks.
write('signed_byte', 'uint8', 1, ['PIXELTYPE=SIGNEDBYTE'], image(1, 'uint8'))
def with_mask(ds):
    ds.CreateMaskBand(gdal.GMF_PER_DATASET)
    ds.GetRasterBand(1).GetMaskBand().WriteRaster(0, 0, 9, 9, b'\xff' * 81)
write('mask_inside', 'uint8', 3, ['PHOTOMETRIC=RGB'], image(3, 'uint8'), edit=with_mask)
write('alpha', 'uint8', 4, ['PHOTOMETRIC=RGB', 'ALPHA=YES'], image(4, 'uint8'))
write('grey_alpha', 'uint16', 2, ['ALPHA=YES'], image(2, 'uint16'))
def scaled(ds):
    b = ds.GetRasterBand(1); b.SetScale(2.75e-5); b.SetOffset(-0.2); b.SetDescription('red & <near> "infrared"')
write('scaled', 'uint16', 1, ['TILED=YES', 'BLOCKXSIZE=16', 'BLOCKYSIZE=16'], image(1, 'uint16'), nodata=0, edit=scaled)
write('overviews', 'uint16', 1, ['COMPRESS=DEFLATE'], image(1, 'uint16'), edit=lambda ds: ds.BuildOverviews('AVERAGE', [2, 4]))
write('sparse_int64', 'int64', 1, ['SPARSE_OK=TRUE', 'TILED=YES', 'BLOCKXSIZE=16', 'BLOCKYSIZE=16'], None, nodata=-9999)
write('bigtiff_big', 'uint16', 2, ['BIGTIFF=YES', 'ENDIANNESS=BIG', 'COMPRESS=LZW', 'PREDICTOR=2'], image(2, 'uint16'))
write('white_is_zero', 'uint8', 1, ['PHOTOMETRIC=MINISWHITE', 'NBITS=1'], image(1, 'uint8', 1))

# What GDAL reads but does not write: 24-bit floats, the LZW of TIFF 5, bytes with their bits reversed, no byte counts,
# and a private field that points beyond the file.
def handmade(name, fields, data, order='<'):
    geo = [(33550, 12, (30.0, 30.0, 0.0)), (33922, 12, (0.0, 0.0, 0.0, 5e5, 4.2e6, 0.0)),
           (34735, 3, (1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32647))]
    fields = sorted(fields + geo)
    sizes = {1: ('B', 1), 3: ('H', 2), 4: ('I', 4), 12: ('d', 8)}
    at = 8 + 2 + 12 * len(fields) + 4
    entries, tail = b'', b''
    for tag, kind, value in fields:
        letter, size = sizes[kind]
        values = value if isinstance(value, tuple) else (value,)
        if tag == 273: values = (at + sum(len(v) * sizes[k][1] for t, k, v in fields if isinstance(v, tuple) and len(v) * sizes[k][1] > 4),)
        packed = struct.pack(f'{order}{len(values)}{letter}', *values)
        if len(packed) > 4:
            place = struct.pack(order + 'I', at + len(tail)); tail += packed
        else: place = packed.ljust(4, b'\0')
        if tag == 65001: place = struct.pack(order + 'I', 1 << 30)
        entries += struct.pack(order + 'HHI', tag, kind, len(values) if tag != 65001 else 4096) + place
    path = os.path.join(folder, name + '.tif')
    open(path, 'wb').write((b'II' if order == '<' else b'MM') + struct.pack(order + 'HIH', 42, 8, len(fields)) + entries + struct.pack(order + 'I', 0) + tail + data)
    gdal.DontUseExceptions(); gdal.PushErrorHandler('CPLQuietErrorHandler')
    record(name, path)
    gdal.PopErrorHandler(); gdal.ErrorReset(); gdal.UseExceptions()

def basic(bits, compression, count, extra=()):
    return [(256, 3, W), (257, 3, H), (258, 3, bits), (259, 3, compression), (262, 3, 1), (273, 4, 0), (277, 3, 1), (278, 3, H)] + ([(279, 4, count)] if count else []) + list(extra)

words = rng.integers(0, 1 << 24, W * H).tolist(); words[:6] = [0x7f0000, 0xff0000, 0x7f1234, 0x000001, 0x800000, 0x00ffff]
for order, predictor in itertools.product('<>', (1, 3)):
    rows = [words[r * W:(r + 1) * W] for r in range(H)]
    if predictor == 1: raw = b''.join(v.to_bytes(3, 'little' if order == '<' else 'big') for v in words)
    else:
        planes = [bytes(v >> 16 for v in r) + bytes(v >> 8 & 255 for v in r) + bytes(v & 255 for v in r) for r in rows]
        raw = b''.join(bytes((p[i] - (p[i - 1] if i else 0)) & 255 for i in range(len(p))) for p in planes)
    packed = zlib.compress(raw)
    handmade(f'triple_{"little" if order == "<" else "big"}_{predictor}', basic(24, 8, len(packed), [(317, 3, predictor), (339, 3, 3)]), packed, order)

def old_lzw(data):
    bits, at, table, width, string = [], 258, {bytes([i]): i for i in range(256)}, 9, b''
    def put(code): bits.extend(code >> i & 1 for i in range(width))
    put(256)
    for byte in data:
        if string + bytes([byte]) in table: string += bytes([byte]); continue
        put(table[string]); table[string + bytes([byte])] = at; at += 1; string = bytes([byte])
        if at > 1 << width: width += 1
        if at == 4094: put(256); at, table, width = 258, {bytes([i]): i for i in range(256)}, 9
    put(table[string]); put(257)
    return bytes(sum(b << i for i, b in enumerate(bits[k:k + 8])) for k in range(0, len(bits), 8))
grey = image(1, 'uint8')[0].tobytes()
packed = old_lzw(grey)
handmade('lzw_of_tiff5', basic(8, 5, len(packed)), packed)
reverse = bytes(int(f'{b:08b}'[::-1], 2) for b in range(256))
handmade('reversed_bits', basic(8, 1, len(grey), [(266, 3, 2)]), grey.translate(reverse))
handmade('reversed_bits_deflate', basic(8, 8, len(zlib.compress(grey)), [(266, 3, 2)]), zlib.compress(grey).translate(reverse))
handmade('no_byte_counts', basic(8, 1, 0), grey)
handmade('field_beyond', basic(8, 1, len(grey), [(65001, 4, 0)]), grey)

print(len(cases), 'written;', failed)
if ALL:
    json.dump(cases, open(os.path.join(folder, 'all.json'), 'w'))
else:
    for case in cases: case['file'] = base64.b64encode(zlib.compress(open(case.pop('path'), 'rb').read(), 9)).decode()
    shutil.rmtree(folder)
    json.dump(dict(tool='GDAL', version=gdal.__version__, command='/usr/bin/python3 test/oracle/geotiff-formats.py',
                   tolerance='none: equal pixels, for the lossy codecs too', width=W, height=H, files=cases),
              open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'geotiff-formats.json'), 'w'), indent=0)
