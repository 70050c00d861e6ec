#!/usr/bin/python3
"""Writes segmentation.json: segmented series, computed a second time and in another way than the kernels: regression by
numpy.polyfit, least squares by a dense design matrix, p of F by scipy, the best partition by recursion over exact costs.

usage: python3 test/oracle/segmentation.py        (numpy, scipy; seeded, so it writes the same file each time)
"""
import functools, json, math, os, sys
import numpy as np, scipy
from scipy import stats

PUBLISHED = dict(maxSegments=6, spikeThreshold=0.9, vertexCountOvershoot=3, preventOneYearRecovery=True,
                 recoveryThreshold=0.25, pvalThreshold=0.05, bestModelProportion=0.75, minObservationsNeeded=6)
DEFAULTS = dict(landtrendr=PUBLISHED, partition=dict(PUBLISHED, maxSegments=12, recoveryThreshold=1))


def despiked(t, y, threshold, sd):
    """Without sd the published rule; with it a spike has to stand out, and its neighbours may differ by the noise."""
    y = y.copy()
    for _ in y if threshold < 1 else ():
        middle = np.array([np.interp(t[i], [t[i - 1], t[i + 1]], [y[i - 1], y[i + 1]]) for i in range(1, len(y) - 1)])
        left, right, far = y[:-2], y[2:], np.abs(y[1:-1, None] - np.c_[y[:-2], y[2:]]).max(axis=1)
        share = np.where(far > 0, 1 - np.abs(right - left) / np.where(far > 0, far, 1), 0)
        ok = share > threshold
        if sd > 0:
            ok |= np.abs(right - left) <= 3 * math.sqrt(2) * sd
            ok &= np.abs(y[1:-1] - middle) > 4 * math.sqrt(1.5) * sd
        share[~ok] = 0
        worst = int(share.argmax())
        if share[worst] <= 0: break
        y[worst + 1] += share[worst] * (middle[worst] - y[worst + 1])
    return y


def residuals(t, y, a, b):
    """About the regression line of a..b, both included."""
    x = t[a:b + 1] - t[a]
    return y[a:b + 1] - np.polyval(np.polyfit(x, y[a:b + 1], 1), x)


def candidates(t, y, most, prevent):
    vertices = [0, len(y) - 1]
    while len(vertices) < min(most, len(y) - 2):
        splits = []
        for a, b in zip(vertices, vertices[1:]):
            if b - a < 2: continue
            r = residuals(t, y, a, b); inner = np.abs(r); inner[[0, -1]] = 0
            if prevent and b == len(y) - 1 and y[b] >= y[b - 1]: inner[-2] = 0
            if inner.max() > 0: splits.append((-(r ** 2).mean(), a, a + int(inner.argmax())))
        if not splits: break
        vertices = sorted(vertices + [min(splits)[2]])
    return vertices


def culled(t, y, vertices, most):
    span = t[-1] - t[0]
    z = (y - y.min()) / np.ptp(y) * span if np.ptp(y) > 0 else y
    while len(vertices) > most:
        def weight(v):
            k = vertices.index(v)
            (ta, tb, tc), (za, zb, zc) = t[vertices[k - 1:k + 2]], z[vertices[k - 1:k + 2]]
            angles = abs(math.atan2(zb - za, tb - ta)), abs(math.atan2(zc - zb, tc - tb))
            return max(angles) * (1 + max(0, 2 * (zb - zc) / span))
        vertices = [v for v in vertices if v != min(vertices[1:-1], key=weight)]
    return vertices


def design(t, vertices):
    return np.array([[np.interp(x, t[vertices], row) for row in np.eye(len(vertices))] for x in t])


def least_squares(t, y, vertices):
    return np.linalg.lstsq(design(t, vertices), y, rcond=None)[0]


def trace(t, y, vertices):
    a, b = vertices[:2]
    line = np.poly1d(np.polyfit(t[a:b + 1], y[a:b + 1], 1)); values = [line(t[a]), line(t[b])]
    for a, b in zip(vertices[1:], vertices[2:]):
        x, z, start = t[a:b + 1] - t[a], y[a:b + 1], values[-1]
        slopes = [(z[-1] - start) / x[-1], float(np.linalg.lstsq(x[:, None], z - start, rcond=None)[0][0])]
        squares = [((z - start - s * x)[1:] ** 2).sum() for s in slopes]
        values.append(start + x[-1] * slopes[1 if squares[1] < squares[0] else 0])
    return np.array(values)


def too_fast(t, vertices, values, threshold):
    slopes = np.diff(values) / np.diff(t[vertices])
    return int(slopes.argmax()) if slopes.max() > max(0, threshold * np.ptp(values)) else None


def p_of_f(t, y, vertices, values, explained):
    rest = len(y) - explained - 1
    if rest <= 0: return 1.0
    total = ((y - y.mean()) ** 2).sum()
    squares = max(((y - np.interp(t, t[vertices], values)) ** 2).sum(), 1e-12 * total)
    return float(stats.f.sf((total - squares) / explained / (squares / rest), explained, rest))


def landtrendr(t, y, o):
    y = despiked(t, y, o['spikeThreshold'], 0)
    first = culled(t, y, candidates(t, y, o['maxSegments'] + 1 + o['vertexCountOvershoot'], o['preventOneYearRecovery']),
                   o['maxSegments'] + 1)
    p = 1.0
    for fit in (trace, least_squares):
        vertices, models = first, []
        while True:
            values = fit(t, y, vertices); fast = too_fast(t, vertices, values, o['recoveryThreshold'])
            if fast is None: models.append((p_of_f(t, y, vertices, values, 2 * len(vertices) - 2), vertices, values))
            if len(vertices) == 2: break
            if fit is trace and fast is not None and fast + 2 < len(vertices): out = fast + 1
            else:
                def loss(k):
                    a, b = vertices[k - 1], vertices[k + 1]
                    chord = np.interp(t[a:b + 1], t[[a, b]], values[[k - 1, k + 1]])
                    return ((y[a:b + 1] - chord) ** 2).sum() / (t[b] - t[a])
                out = min(range(1, len(vertices) - 1), key=loss)
            vertices = vertices[:out] + vertices[out + 1:]
        if not models: p = 1.0; continue
        smallest = min(m[0] for m in models)
        p, vertices, values = next(m for m in models if m[0] <= (2 - o['bestModelProportion']) * smallest)
        if p <= o['pvalThreshold']: return vertices, values, p, y
    return None, None, p, y


def noise(t, y):
    """Upper medians, as everywhere in the kernel."""
    def spread(values):
        values = np.sort(values); others = values[values > 0]
        if len(others) <= 4: return 0
        values = others if 2 * len(others) < len(values) else values
        return values[len(values) // 2] / stats.norm.ppf(0.75)
    weights = [np.interp(t[i], t[[i - 1, i + 1]], [0, 1]) for i in range(1, len(y) - 1)]
    bends = [abs(np.dot([w - 1, 1, -w], y[i:i + 3])) / np.linalg.norm([w - 1, 1, -w]) for i, w in enumerate(weights)]
    return min(spread(abs(np.diff(y)) / math.sqrt(2)), spread(bends))


def partition(t, y, o):
    y = despiked(t, y, o['spikeThreshold'], noise(t, y))
    n, total = len(y), ((y - y.mean()) ** 2).sum()

    def best(variance, price):
        @functools.lru_cache(None)
        def upto(end):
            """(cost, parameters, squares, stretches) of the best partition of 0..end."""
            if end < 0: return (-price, -1, 0.0, ())
            options = []
            for a in range(end, -1, -1):
                if o['preventOneYearRecovery'] and a == n - 1 and y[a] > y[a - 1]: continue
                cost, used, squares, stretches = upto(a - 1)
                s = ((y[a:end + 1] - y[a:end + 1].mean()) ** 2).sum()
                options.append((cost + price + s / variance + price, used + 2, squares + s, stretches + ((a, end, 0),)))
                if end - a < 2: continue
                s = (residuals(t, y, a, end) ** 2).sum()
                options.append((cost + price + s / variance + 2.5 * price, used + 3, squares + s, stretches + ((a, end, 1),)))
            return min(options, key=lambda option: option[0])
        return upto(n - 1)

    floor = 1e-12 * total / n
    variance = max(floor, noise(t, y) ** 2); price = math.log(n)
    _, used, squares, _ = best(variance, price)
    if n > used: variance = max(variance, squares / (n - used))
    while True:
        _, used, _, stretches = best(variance, price)
        if 2 * len(stretches) - 1 <= o['maxSegments']: break
        price *= 1.5
    vertices = {0, n - 1}
    for (a, b, line), (c, d, line2) in zip(stretches, stretches[1:]):
        f = np.poly1d(np.polyfit(t[a:b + 1] - t[b], y[a:b + 1], line))
        g = np.poly1d(np.polyfit(t[c:d + 1] - t[b], y[c:d + 1], line2))
        gap, meet = t[c] - t[b], (g - f).roots
        if (line or line2) and len(meet) and -gap <= meet[0] <= 2 * gap: vertices.add(b if meet[0] < gap / 2 else c)
        else: vertices |= {b, c}
    vertices = sorted(vertices)
    while True:
        values = least_squares(t, y, vertices); fast = too_fast(t, vertices, values, o['recoveryThreshold'] + 1e-12)
        if fast is None or len(vertices) == 2: break
        del vertices[fast if fast + 2 == len(vertices) else fast + 1]
    explained = max(2, min(2 * len(vertices) - 2, used - 1 + (used - 1) % 2))
    p = p_of_f(t, y, vertices, values, explained)
    return (vertices, values, p, y) if p <= o['pvalThreshold'] else (None, None, p, y)


def segment(t, y, method, options):
    o = dict(DEFAULTS[method], **options)
    keep = np.isfinite(y); tt, yy = t[keep], y[keep]
    vertices, values, p, damped = globals()[method](tt, yy, o)
    if vertices is None: vertices, values = [0, len(yy) - 1], np.full(2, damped.mean())
    rmse = math.sqrt(((yy - np.interp(tt, tt[vertices], values)) ** 2).mean())
    return dict(method=method, options=options, vertices=[[float(tt[v]), float(x)] for v, x in zip(vertices, values)], p=p, rmse=rmse)


rng = np.random.default_rng(20250311)
cases = []
for number in range(48):
    n = int(rng.choice([12, 20, 30, 38])); t = np.arange(1985.0, 1985 + n); y = np.full(n, 0.7)
    at = int(rng.integers(2, n - 2)); drop = float(rng.uniform(0.1, 0.5)); kind = number % 8
    if kind in (1, 4, 6): y[at:] -= drop
    if kind == 2: y[at:] -= drop * np.maximum(0, 1 - np.arange(n - at) / 8)
    if kind == 3: y -= np.clip((t - t[at]) * 0.04, 0, drop)
    if kind == 4: y[min(n - 1, at + 5):] += 0.8 * drop
    if kind == 5: y += 0.008 * (t - t[0]) - 0.3; y[at:] -= drop
    y += rng.normal(0, 0.03, n)
    if kind >= 6: y[int(rng.integers(1, n - 1))] -= 0.35
    if number % 7 == 6: y += 0.36
    y = np.round(np.clip(y, 0, 1), 4)
    if number % 3 == 0: y[rng.random(n) < 0.15] = np.nan
    if number % 5 == 0: t = 1985.0 + np.cumsum(rng.integers(1, 4, n))
    options = {} if number < 40 else dict(recoveryThreshold=0.5, maxSegments=4, spikeThreshold=0.75)
    results = [segment(t, y, m, options) for m in DEFAULTS]
    cases.append(dict(times=t.tolist(), values=[None if math.isnan(v) else v for v in y.tolist()], results=results))

out = dict(tool='numpy, scipy', version=f'Python {sys.version.split()[0]}, numpy {np.__version__}, scipy {scipy.__version__}',
           recipe='python3 test/oracle/segmentation.py',
           tolerance='1e-9 absolute on fitted values and rmse, 1e-6 relative on p: the same sums in another order', cases=cases)
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'segmentation.json'), 'w') as file:
    json.dump(out, file, separators=(',', ':')); file.write('\n')
