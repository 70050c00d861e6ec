"""Small vector files as GDAL writes them, and what GDAL reads in them.

Run: /usr/bin/python3 test/oracle/aoi-formats.py   (GDAL 3.6 with its Python bindings)
"""

import base64
import io
import json
import os
import tempfile
import zipfile

from osgeo import gdal, ogr, osr

ogr.UseExceptions()
gdal.UseExceptions()

ZONES = [
    ("pit-1", "Открытый 矿坑", "mine", 2009, 12.5,
     "MULTIPOLYGON (((540000 4210000,541000 4210000,541000 4211000,540000 4211000,540000 4210000),"
     "(540200 4210200,540200 4210400,540400 4210400,540400 4210200,540200 4210200)),"
     "((542000 4210000,542500 4210000,542250 4210700,542000 4210000)))"),
    ("ref", "Reference", "reference", -1, -0.125,
     "POLYGON ((545000 4215000,546000.5 4215000.25,546000 4216000,545000 4215000))"),
    # An island in a hole.
    ("ring", "Ring", "impact", 0, 1e-3,
     "MULTIPOLYGON (((550000 4210000,556000 4210000,556000 4216000,550000 4216000,550000 4210000),"
     "(551000 4211000,551000 4215000,555000 4215000,555000 4211000,551000 4211000)),"
     "((552000 4212000,554000 4212000,554000 4214000,552000 4214000,552000 4212000)))"),
]


def write(driver, folder, name, epsg=32647, z=False, options=(), geometry=ogr.wkbMultiPolygon):
    path = os.path.join(folder, name)
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(epsg)
    srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    utm = osr.SpatialReference()
    utm.ImportFromEPSG(32647)
    utm.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    move = None if epsg == 32647 else osr.CoordinateTransformation(utm, srs)
    source = ogr.GetDriverByName(driver).CreateDataSource(path)
    layer = source.CreateLayer("zones", srs, geometry, options=list(options))
    for field, kind in [("id", ogr.OFTString), ("name", ogr.OFTString), ("role", ogr.OFTString),
                        ("year", ogr.OFTInteger), ("depth", ogr.OFTReal)]:
        layer.CreateField(ogr.FieldDefn(field, kind))
    for zone, label, role, year, depth, wkt in ZONES:
        feature = ogr.Feature(layer.GetLayerDefn())
        for field, value in [("id", zone), ("name", label), ("role", role), ("year", year), ("depth", depth)]:
            feature.SetField(field, value)
        shape = ogr.CreateGeometryFromWkt(wkt)
        if move is not None:
            shape.Transform(move)
        if geometry != ogr.wkbUnknown:
            shape = ogr.ForceToMultiPolygon(shape)
        if z:
            shape.Set3D(True)
        feature.SetGeometry(shape)
        layer.CreateFeature(feature)
    source = None
    return path


def read(path):
    source = ogr.Open(path)
    out = []
    for k in range(source.GetLayerCount()):
        for feature in source.GetLayer(k):
            shape = feature.GetGeometryRef()
            parts = [shape.GetGeometryRef(i) for i in range(shape.GetGeometryCount())] \
                if ogr.GT_Flatten(shape.GetGeometryType()) == ogr.wkbMultiPolygon else [shape]
            out.append({"rings": [part.GetGeometryCount() for part in parts], "area": shape.GetArea()})
    return out


def bytes_of(path):
    with open(path, "rb") as file:
        return base64.b64encode(file.read()).decode()


def main():
    cases = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, z in [("plain", False), ("z", True)]:
            path = write("ESRI Shapefile", folder, f"{name}.shp", z=z, options=["ENCODING=UTF-8"],
                         geometry=ogr.wkbMultiPolygon25D if z else ogr.wkbMultiPolygon)
            files = {e: bytes_of(path[:-4] + e) for e in (".shp", ".shx", ".dbf", ".prj", ".cpg")}
            cases[f"shapefile-{name}"] = {"files": files, "features": read(path)}
        stem = os.path.join(folder, "plain")
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo("inner/"), "")
            for e in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
                with open(stem + e, "rb") as file:
                    info = zipfile.ZipInfo("inner/zones" + e)
                    info.compress_type = zipfile.ZIP_STORED if e == ".prj" else zipfile.ZIP_DEFLATED
                    archive.writestr(info, file.read())
        cases["zip"] = {"files": {".zip": base64.b64encode(buffer.getvalue()).decode()}, "features": read(stem + ".shp")}
        for name, index, geometry in [("fgb", "YES", ogr.wkbMultiPolygon), ("fgb-plain", "NO", ogr.wkbMultiPolygon),
                                      ("fgb-mixed", "NO", ogr.wkbUnknown)]:
            path = write("FlatGeobuf", folder, f"{name}.fgb", options=[f"SPATIAL_INDEX={index}"], geometry=geometry)
            cases[name] = {"files": {".fgb": bytes_of(path)}, "features": read(path)}
        path = write("FlatGeobuf", folder, "z.fgb", z=True, geometry=ogr.wkbMultiPolygon25D)
        cases["fgb-z"] = {"files": {".fgb": bytes_of(path)}, "features": read(path)}
        path = write("KML", folder, "zones.kml", 4326)
        cases["kml"] = {"files": {".kml": bytes_of(path)}, "features": read(path)}
        path = write("LIBKML", folder, "lib.kml", 4326)
        cases["libkml"] = {"files": {".kml": bytes_of(path)}, "features": read(path)}
        path = write("LIBKML", folder, "lib.kmz", 4326)
        cases["kmz"] = {"files": {".kmz": bytes_of(path)}, "features": read(path)}
        path = write("GeoJSONSeq", folder, "zones.geojsonl", 4326)
        cases["geojsonseq"] = {"files": {".geojsonl": bytes_of(path)}, "features": read(path)}
        path = write("GeoJSONSeq", folder, "zones.geojsons", 4326, options=["RS=YES"])
        cases["geojsonseq-rs"] = {"files": {".geojsons": bytes_of(path)}, "features": read(path)}
    with open(os.path.join(os.path.dirname(__file__), "aoi-formats.json"), "w") as out:
        json.dump({
            "tool": "GDAL/OGR",
            "version": gdal.__version__,
            "recipe": "test/oracle/aoi-formats.py",
            "tolerance": "planar areas to 1e-9 relative: the same coordinates, added in another order",
            "cases": cases,
        }, out, separators=(",", ":"), ensure_ascii=False)
        out.write("\n")


main()
