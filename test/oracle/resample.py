#!/usr/bin/python3
"""Where pixels of one grid lie in another (PROJ), and what linear interpolation makes of them (scipy)."""
import json, os
import numpy as np, pyproj, scipy
from scipy.ndimage import map_coordinates

rng = np.random.default_rng(5)
W, H = 70, 60
src = np.round(rng.uniform(0, 1, (H, W)), 4).astype('f4')
cases = []
for epsg, target in ((32647, [10, 0, 540000, 0, -10, 4216000]), (32648, [10, 0, 9000, 0, -10, 4243000]), (4326, [1e-4, 0, 99.46, 0, -1e-4, 38.09])):
    t = pyproj.Transformer.from_crs(epsg, 32647, always_xy=True)
    # The source lies around the target's pixel (100, 90), so that the lattice is far from the source's corner.
    c, r = np.meshgrid(np.arange(80, 122) + .5, np.arange(75, 107) + .5)
    x, y = t.transform(target[0] * c + target[2], target[4] * r + target[5])
    transform = [20, 0, float(np.floor(x.mean() - 20 * W / 2)) + .25, 0, -20, float(np.floor(y.mean() + 20 * H / 2))]
    cols, rows = (x - transform[2]) / 20, (transform[5] - y) / 20
    v = map_coordinates(src.astype('f8'), [rows - .5, cols - .5], order=1, mode='constant', cval=np.nan)
    cases.append(dict(epsg=epsg, target=target, window=[80, 75, 42, 32], source=transform, cols=cols.round(7).ravel()[::7].tolist(),
                      rows=rows.round(7).ravel()[::7].tolist(), bilinear=v.round(7).ravel()[::7].tolist()))
json.dump(dict(tool='pyproj and scipy', version=f'{pyproj.__version__}, PROJ {pyproj.proj_version_str}; {scipy.__version__}',
               command='/usr/bin/python3 test/oracle/resample.py', tolerance='positions 1e-3 pixels, values 1e-3',
               width=W, height=H, every=7, src=src.round(4).ravel().astype(float).round(4).tolist(), cases=cases),
          open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'resample.json'), 'w'))
