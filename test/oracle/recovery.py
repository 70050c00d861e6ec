#!/usr/bin/python3
"""Numbers for test/kernels/recovery-oracle.test.ts: land states, cleaning, recovery metrics and patches, worked out slowly.

Run: /usr/bin/python3 test/oracle/recovery.py   (Debian's python3-numpy and python3-scipy)
States and metrics are written from their definitions (docs/method.md, section 8), with one small dictionary of values a
series and no arrays in common with the program. The cleaning follows the arithmetic of Pericak et al. 2018: sums of three
years of 0 and 1. Patches are those of scipy.ndimage.label.
"""
import json, math, os
import numpy as np, scipy
from scipy import ndimage

rng = np.random.default_rng(20260)
f4 = lambda x: float(np.float32(x))


def low_high(value, level, d, r):
    if value is None: return None
    if level is None or not level >= 0.1: return 'x'
    return ('low' if value <= d * level else 'high' if value >= r * level else 'mid')


def clean(classes, years, fill, flips):
    """classes: year -> low/mid/high/None/'x'. Sums over three calendar years in a row, all in the series."""
    c = dict(classes)
    known = lambda y: c.get(y) in ('low', 'mid', 'high')
    both = lambda y: 'high' if c[y - 1] == c[y + 1] == 'high' else 'mid'
    inner = [y for y in years if y - 1 in c and y + 1 in c]
    if fill:
        new = {}
        for y in inner:
            if c[y] is None and known(y - 1) and known(y + 1):
                mines = (c[y - 1] == 'low') + (c[y + 1] == 'low')
                if mines == 2: new[y] = 'low'
                if mines == 0: new[y] = both(y)
        c.update(new)
    if flips:
        for wanted in ('low', 'other'):
            new = {}
            for y in inner:
                if not (known(y - 1) and known(y) and known(y + 1)): continue
                code = 100 * (c[y - 1] == 'low') + 10 * (c[y] == 'low') + (c[y + 1] == 'low')
                if wanted == 'low' and code == 10: new[y] = both(y)
                if wanted == 'other' and code == 101: new[y] = 'low'
            c.update(new)
    return c


def states(classes, years, k, m):
    out, state, lows, highs = {}, 'undisturbed', 0, 0
    for y in years:
        c = classes[y]
        if c is None: out[y] = 255; continue
        if c == 'x': out[y] = 0; continue
        lows = lows + 1 if c == 'low' else 0
        highs = highs + 1 if c == 'high' else 0
        if state == 'disturbed':
            if c != 'low': state = 'recovering'
        elif lows >= k: state = 'disturbed'
        if state == 'recovering' and highs >= m: state = 'recovered'
        out[y] = {'undisturbed': 1, 'disturbed': 2, 'recovering': 3, 'recovered': 4}[state]
    return out


def metrics(values, levels, st, years, d, k):
    res = dict(disturbedYear=0, recoveredYear=0, disturbedLastYear=0, disturbedUntil=0, magnitude=None, yearsToRecovery=0, y2r=0, r80p=None, yryr=None, rri=None)
    seen = [y for y in years if st[y] in (1, 2, 3, 4)]
    began = [y for i, y in enumerate(seen) if st[y] == 2 and (i == 0 or st[seen[i - 1]] in (1, 4))]
    back = [y for y in seen if st[y] == 4]
    if not began: return res
    first = began[0]; res['disturbedYear'] = first; res['disturbedLastYear'] = began[-1]
    recovered = back[0] if back else None
    if recovered: res['recoveredYear'] = recovered; res['yearsToRecovery'] = recovered - first
    span = [y for y in seen if y >= first and (recovered is None or y < recovered)]
    drops = [levels[y] - values[y] for y in span if st[y] == 2 and values[y] is not None]
    res['magnitude'] = max(drops) if drops else None
    if st[span[-1]] == 2: return res
    t = [y for y in span if st[y] == 2][-1]; res['disturbedUntil'] = t
    until = began[1] if len(began) > 1 else 10 ** 6
    good = [y for y in years if t < y < until and values[y] is not None and st[y] != 0 and values[y] >= 0.8 * levels[y]]
    if good: res['y2r'] = good[0] - t
    v = lambda y: values.get(y)
    if v(t + 5) is not None:
        if st[t + 5] != 0: res['r80p'] = v(t + 5) / (0.8 * levels[t + 5])
        if v(t) is not None: res['yryr'] = (v(t + 5) - v(t)) / 5
    start, left = first, k - 1
    for y in reversed([y for y in years if y < first and values[y] is not None and st[y] != 0]):
        if left == 0 or not values[y] <= d * levels[y]: break
        start = y; left -= 1
    pre = [v(y) for y in (start - 1, start - 2) if v(y) is not None]
    later = [v(y) for y in (t + 4, t + 5) if v(y) is not None]
    if pre and later and v(t) is not None:
        drop = sum(pre) / len(pre) - v(t)
        if drop >= 0.01: res['rri'] = (max(later) - v(t)) / drop
    return res


def series(n):
    out = []
    for i in range(n):
        length = int(rng.integers(1, 26)); all_years = range(2000, 2000 + length + 4)
        years = sorted(rng.choice(list(all_years), size=length, replace=False).tolist()) if i % 3 else list(range(2000, 2000 + length))
        cover, now = [], 0.8
        for _ in years:
            u = rng.random()
            if u < 0.12: now = rng.uniform(0, 0.35)
            elif u < 0.5: now = min(1, now + rng.uniform(0, 0.3))
            cover.append(None if rng.random() < 0.15 else f4(min(1, max(0, round((now + rng.normal(0, 0.05)) * 20) / 20))))
        per = 'year' if i % 2 else 'pixel'
        ref = [float(rng.choice([0.05, 0.5, 0.7, 0.8, 0.9, 1.0], p=[.06, .1, .2, .34, .2, .1])) for _ in years] if per == 'year' else [float(rng.choice([0.05, 0.6, 0.8, 1.0], p=[.05, .2, .45, .3]))]
        if per == 'year' and rng.random() < 0.2: ref[int(rng.integers(len(ref)))] = None
        opt = dict(disturbedBelow=0.5, recoveredAbove=float(rng.choice([0.8, 0.7, 0.9])), disturbedYears=int(rng.choice([1, 1, 1, 2, 3])), recoveredYears=int(rng.choice([1, 2, 2, 3])), fillGaps=bool(rng.random() < 0.4), filterFlips=bool(rng.random() < 0.4))
        values = dict(zip(years, cover)); levels = dict(zip(years, ref if per == 'year' else ref * len(years)))
        c = {y: low_high(values[y], levels[y], opt['disturbedBelow'], opt['recoveredAbove']) for y in years}
        st = states(clean(c, years, opt['fillGaps'], opt['filterFlips']), years, opt['disturbedYears'], opt['recoveredYears'])
        out.append(dict(years=years, cover=cover, per=per, reference=ref, options=opt, states=[st[y] for y in years], metrics=metrics(values, levels, st, years, opt['disturbedBelow'], opt['disturbedYears'])))
    return out


def patches():
    out = []
    for share in (0.3, 0.45, 0.6):
        w, h = int(rng.integers(10, 30)), int(rng.integers(10, 30)); mask = rng.random((h, w)) < share
        sizes = {}
        for n, structure in ((4, None), (8, np.ones((3, 3)))):
            labels, count = ndimage.label(mask, structure)
            cells = np.bincount(labels.ravel(), minlength=count + 1); cells[0] = 0
            sizes[n] = cells[labels].ravel().tolist()
        out.append(dict(width=w, height=h, mask=''.join('#' if x else '.' for x in mask.ravel()), sizes=sizes))
    return out


json.dump(dict(tool='numpy and scipy.ndimage.label', version=f'numpy {np.__version__}, scipy {scipy.__version__}', recipe='test/oracle/recovery.py',
               tolerance='1e-6 relative: float32 maps', series=series(150), patches=patches()),
          open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'recovery.json'), 'w'), separators=(',', ':'))
