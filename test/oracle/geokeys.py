#!/usr/bin/python3
"""One-pixel GeoTIFFs with user-defined and coded CRS as GDAL writes them, points projected by PROJ, and the code that
rasterio reads from them."""
import base64, json, os, zlib
import pyproj, rasterio
from osgeo import gdal, osr

gdal.UseExceptions()
# CRS, creation options, a point inside its area of use (longitude and latitude on the CRS' own datum).
CASES = [
    ('+proj=sinu +R=6371007.181 +units=m', [], (101.5, 34.2)), ('+proj=sinu +lon_0=25 +datum=WGS84', [], (30, -20)),
    ('+proj=aea +lat_1=29.5 +lat_2=45.5 +lat_0=23 +lon_0=-96 +datum=WGS84', [], (-105, 40)),
    ('+proj=aea +lat_1=29.5 +lat_2=45.5 +lat_0=23 +lon_0=-96 +datum=NAD83', [], (-105, 40)), ('ESRI:102008', [], (-105, 40)),
    ('+proj=laea +lat_0=10 +lon_0=-81 +ellps=WGS84', [], (-79, 8)), ('+proj=laea +lat_0=45 +lon_0=-100 +R=6370997', [], (-105, 40)),
    ('+proj=lcc +lat_1=25 +lat_2=60 +lat_0=42.5 +lon_0=-100 +ellps=WGS84', [], (-110, 50)),
    ('+proj=tmerc +lat_0=0 +lon_0=100.5 +k=0.9998 +x_0=300000 +y_0=-5000 +datum=WGS84', [], (101, 35)),
    ('+proj=merc +lon_0=0 +k=1 +datum=WGS84', [], (101, 35)), ('+proj=merc +lon_0=20 +k=0.99 +datum=WGS84', [], (30, -20)),
    ('+proj=cea +lat_ts=30 +datum=WGS84', [], (101, 35)), ('+proj=cea +lat_ts=10 +lon_0=20 +ellps=GRS80', [], (30, -20)),
    ('+proj=stere +lat_0=-90 +lat_ts=-75 +lon_0=10 +datum=WGS84', [], (30, -80)),
    ('EPSG:32647', ['GEOTIFF_KEYS_FLAVOR=ESRI_PE'], (101, 35)), ('EPSG:32718', ['GEOTIFF_KEYS_FLAVOR=ESRI_PE'], (-75, -12)),
    ('EPSG:26911', ['GEOTIFF_KEYS_FLAVOR=ESRI_PE'], (-115, 40)), ('EPSG:3857', ['GEOTIFF_KEYS_FLAVOR=ESRI_PE'], (101, 35)),
    ('EPSG:32647', ['GEOTIFF_VERSION=1.1'], (101, 35)), ('EPSG:32647', ['GEOTIFF_VERSION=1.0'], (101, 35)),
    ('EPSG:5070', [], (-105, 40)), ('EPSG:3413', [], (-50, 70)),
    # To be refused: datum shifts, other units, methods that were not held against PROJ.
    ('EPSG:26711', [], None), ('EPSG:4267', [], None), ('EPSG:2263', [], None), ('EPSG:27700', [], None), ('EPSG:28992', [], None),
    ('+proj=aea +lat_1=29.5 +lat_2=45.5 +lat_0=23 +lon_0=-96 +datum=NAD27', [], None),
    ('+proj=aea +lat_1=29.5 +lat_2=45.5 +lat_0=23 +lon_0=-96 +datum=WGS84 +units=us-ft', [], None),
    ('+proj=merc +lat_ts=20 +datum=WGS84', [], None), ('+proj=eqc +datum=WGS84', [], None), ('ESRI:54009', [], None),
    ('+proj=lcc +lat_1=50 +lat_0=50 +lon_0=-107 +R=6371200', [], None), ('+proj=geos +h=35785831 +datum=WGS84', [], None),
    ('+proj=stere +lat_0=90 +lat_ts=60 +lon_0=-80 +a=6378273 +b=6356889.449', [], None),
    ('+proj=utm +zone=47 +datum=WGS84 +units=km', [], None),
]
out = []
for text, options, point in CASES:
    path = '/vsimem/geokeys.tif'
    srs = osr.SpatialReference(); srs.SetFromUserInput(text)
    ds = gdal.GetDriverByName('GTiff').Create(path, 1, 1, 1, gdal.GDT_Byte, options)
    ds.SetProjection(srs.ExportToWkt()); ds.SetGeoTransform([5e5, 30, 0, 4.2e6, 0, -30]); del ds
    f = gdal.VSIFOpenL(path, 'rb'); data = gdal.VSIFReadL(1, 1 << 20, f); gdal.VSIFCloseL(f)
    with rasterio.MemoryFile(bytes(data)) as m, m.open() as r: epsg = r.crs.to_epsg()
    xy = None
    if point:
        crs = pyproj.CRS.from_user_input(text)
        xy = pyproj.Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True).transform(*point)
    out.append(dict(crs=text, options=options, epsg=epsg, point=point, xy=xy, file=base64.b64encode(zlib.compress(bytes(data), 9)).decode()))
json.dump(dict(tool='GDAL, pyproj, rasterio', version=f'{gdal.__version__}, {pyproj.__version__} with PROJ {pyproj.proj_version_str}, {rasterio.__version__}',
               command='/usr/bin/python3 test/oracle/geokeys.py', tolerance='1e-5 m', files=out),
          open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'geokeys.json'), 'w'), indent=0)
