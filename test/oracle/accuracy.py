"""Areas and accuracies from stratified samples, by unit-level ratio estimators.

Stehman 2014 (doi:10.1080/01431161.2014.930207), equations 2, 14, 25-28, without finite population correction: each figure is a
mean or a ratio of indicator variables of the sample units. Where strata are map classes it must agree with Olofsson et al. 2014.

    /usr/bin/python3 test/oracle/accuracy.py > test/oracle/accuracy.json
"""
import json

import numpy as np

rng = np.random.default_rng(20240607)


def total(y, strata, areas):
    return sum(area * y[strata == h].mean() for h, area in enumerate(areas))


def ratio(y, x, strata, areas):
    X = total(x, strata, areas)
    R = total(y, strata, areas) / X
    v = 0.0
    for h, area in enumerate(areas):
        d = (y - R * x)[strata == h]
        v += area**2 * d.var(ddof=1) / d.size
    return R, float(np.sqrt(v) / X)


def case(q, units):
    areas = np.round(rng.lognormal(6, 1.5, q), 3)
    counts = np.zeros((q, q), int)
    for i in range(q):
        p = rng.dirichlet(np.where(np.arange(q) == i, 8.0, 0.6))
        counts[i] = rng.multinomial(units[i], p)
    strata = np.repeat(np.arange(q), counts.sum(axis=1))
    reference = np.concatenate([np.repeat(np.arange(q), row) for row in counts])
    one = np.ones(strata.size)
    out = {"areas": areas.tolist(), "counts": counts.tolist(), "area": [], "users": [], "producers": []}
    for k in range(q):
        is_ref = (reference == k).astype(float)
        is_map = (strata == k).astype(float)
        share, se = ratio(is_ref, one, strata, areas)
        out["area"].append([share * areas.sum(), se * areas.sum()])
        out["users"].append(list(ratio(is_ref * is_map, is_map, strata, areas)))
        out["producers"].append(list(ratio(is_ref * is_map, is_ref, strata, areas)) if is_ref.any() else None)
    out["overall"] = list(ratio((strata == reference).astype(float), one, strata, areas))
    return out


print(
    json.dumps(
        {
            "tool": "numpy",
            "version": np.__version__,
            "recipe": "Stehman 2014 ratio estimators over sample units; random strata and counts, seed 20240607",
            "tolerance": "1e-10 relative: float64 sums in another order",
            "cases": [case(2, [10, 30]), case(3, [50, 50, 2]), case(4, [75, 75, 165, 325]), case(7, [20] * 7)],
        },
        indent=1,
    )
)
