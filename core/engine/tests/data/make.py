"""Makes the reference values beside this file. Needs mpmath and a directory of grids.

python make.py GRIDS      GRIDS: normal.json, beta.json, proportion_intervals.json

oracle.json: 25 digits, every formula in its textbook form at 60 digits; the incomplete
beta function from mpmath's own or, with large parameters, by quadrature of the density;
quantiles by bisection and Newton's method on that (about 9 minutes). The others: every
so many rows of the grids. Seeded: the same values each time.
"""
import json, pathlib, random, sys
import mpmath as mp

mp.mp.dps = 60
random.seed(20261122)
here = pathlib.Path(__file__).parent
digits = lambda x: mp.nstr(x, 25, strip_zeros=False)


def ln_beta(a, b):
    return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


def lower(x, a, b):
    """I_x(a, b), accurate relative to itself. Substitutes t = exp(-s) below x."""
    x, a, b = mp.mpf(x), mp.mpf(a), mp.mpf(b)
    if a + b < 2000:
        return mp.betainc(a, b, 0, x, regularized=True)
    # With t = x exp(-s/scale) the density has no singular end.
    norm = ln_beta(a, b)
    scale = mp.sqrt(a) + 1
    f = lambda s: mp.exp(a * (mp.log(x) - s / scale) + (b - 1) * mp.log1p(-x * mp.exp(-s / scale)) - norm)
    knots = [mp.mpf(k) for k in (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 20, 25, 30, 40, 60, 100, 200, 400)]
    return mp.quad(f, knots) / scale


def tails(x, a, b):
    """Both, the smaller side integrated."""
    if mp.mpf(x) <= mp.mpf(a) / (a + b):
        low = lower(x, a, b)
        return low, 1 - low
    up = lower(1 - mp.mpf(x), b, a)
    return 1 - up, up


def quantile(p, a, b, side):
    """In logit x, from the normal approximation there, bracketed."""
    p, a, b = mp.mpf(p), mp.mpf(a), mp.mpf(b)
    norm = ln_beta(a, b)
    left, right = mp.mpf(-150), mp.mpf(150)
    v = mp.log(a / b)
    for _ in range(200):
        x = 1 / (1 + mp.exp(-v))
        low, up = tails(x, a, b)
        value, sign = (low, 1) if side == "lower" else (up, -1)
        if sign * (value - p) > 0:
            right = v
        else:
            left = v
        slope = sign * mp.exp(a * mp.log(x) + b * mp.log(1 / (1 + mp.exp(v))) - norm)
        step = mp.log(value / p) * value / slope if value > 0 else mp.inf
        new = v - step
        if not left < new < right:
            new = (left + right) / 2
        if abs(new - v) < mp.mpf(10) ** -30:
            return 1 / (1 + mp.exp(-new))
        v = new
    raise ArithmeticError((p, a, b))


def z_of(level):
    return (1 - mp.mpf(level)) / 2, mp.sqrt(2) * mp.erfinv(mp.mpf(level))


def wilson(k, n, z):
    k, n = mp.mpf(k), mp.mpf(n)
    p = k / n
    centre = p + z * z / (2 * n)
    half = z * mp.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n)


def wilson_cc(k, n, z):
    """Newcombe (1998) 857, method 4, as printed."""
    k, n = mp.mpf(k), mp.mpf(n)
    p, q = k / n, 1 - k / n
    low = (2 * n * p + z * z - 1 - z * mp.sqrt(z * z - 2 - 1 / n + 4 * p * (n * q + 1))) / (2 * (n + z * z)) if k else mp.mpf(0)
    high = (2 * n * p + z * z + 1 + z * mp.sqrt(z * z + 2 - 1 / n + 4 * p * (n * q - 1))) / (2 * (n + z * z)) if k < n else mp.mpf(1)
    return low, high


def clopper_pearson(k, n, alpha):
    low = quantile(alpha, k, n - k + 1, "lower") if k else mp.mpf(0)
    high = quantile(alpha, k + 1, n - k, "upper") if k < n else mp.mpf(1)
    return low, high


shapes = [(0.5, 0.5), (0.5, 1e7), (1e7, 0.5), (0.75, 40), (1, 1), (1, 1e7), (2, 3), (3.5, 1e5), (12, 99), (99, 101),
          (101, 1e4), (250, 2e3), (1e3, 1e3), (1e5, 40), (1e5, 3e6), (2.5e6, 7.5e6), (1e7, 1e7)]
beta = []
for a, b in shapes:
    for p in (1e-12, 1e-6, 0.025, 0.5):
        for side in ("lower", "upper"):
            x = quantile(p, a, b, side)
            at = float(x)
            row = dict(a=a, b=b, p=p, side=side, quantile=digits(x), x=at, lower=None, upper=None)
            if 0 < at < 1:
                low, up = tails(at, a, b)
                row.update(lower=digits(low), upper=digits(up))
            beta.append(row)

levels = [0.5, 0.9, 0.95, 0.99, 0.999999]
counts = [(0, 1), (1, 1), (0, 10), (3, 10), (10, 10), (4, 20), (95, 100), (3, 50), (81, 263), (996, 1000), (0, 300),
          (1, 100000), (99999, 100000), (9850000, 10000000), (5000000, 10000000)]
intervals, differences, rolled = [], [], []
for k, n in counts:
    for level in random.sample(levels, 2):
        alpha, z = z_of(level)
        w = wilson(k, n, z)
        w = (mp.mpf(0) if k == 0 else w[0], mp.mpf(1) if k == n else w[1])
        intervals.append(dict(k=k, n=n, level=level, wilson=[*map(digits, w)], wilson_cc=[*map(digits, wilson_cc(k, n, z))],
                              clopper_pearson=[*map(digits, clopper_pearson(k, n, alpha))]))
for _ in range(20):
    n1, n2 = (int(10 ** random.uniform(0.5, 5)) for _ in "ab")
    k1, k2 = (min(n, int(n * random.choice([0, 0.3, 0.9, 0.985, 1]) + random.random() * 3)) for n in (n1, n2))
    level = random.choice(levels)
    alpha, z = z_of(level)
    p1, p2 = mp.mpf(k1) / n1, mp.mpf(k2) / n2
    (l1, u1), (l2, u2) = wilson(k1, n1, z), wilson(k2, n2, z)
    d = p1 - p2
    differences.append(dict(now=[k1, n1], before=[k2, n2], level=level, low=digits(d - mp.sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2)),
                            high=digits(d + mp.sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2))))
    operations = [[k1, n1], [k2, n2], [97, 100]]
    shrunk = [(mp.mpf(k) + 0.5) / (n + 1) for k, n in operations]
    half = z * mp.sqrt(sum((1 - p) / ((n + 1) * p) for p, (k, n) in zip(shrunk, operations)))
    value = mp.fprod(mp.mpf(k) / n for k, n in operations)
    centre = value if value else mp.fprod(shrunk)
    rolled.append(dict(operations=operations, level=level, value=digits(value), low=digits(value * mp.exp(-half)),
                       high=digits(min(1, centre * mp.exp(half)))))


def dump(name, tables):
    """One row a line."""
    parts = [f"{json.dumps(key)}: [\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]" for key, rows in tables.items()]
    (here / name).write_text("{" + ",\n".join(parts) + "}\n")


dump("oracle.json", dict(beta=beta, intervals=intervals, differences=differences, rty=rolled))
grids = pathlib.Path(sys.argv[1])
every = lambda rows, step: rows[::step]
read = lambda name: json.loads((grids / name).read_text())
normal, some_beta, proportions = read("normal.json"), read("beta.json"), read("proportion_intervals.json")
dump("normal.json", dict(quantile=every(normal["quantile"], 3), cdf=every(normal["cdf"], 3)))
dump("beta.json", dict(rows=every(some_beta["rows"], 5)))
dump("proportion_intervals.json", dict(published=proportions["published"], rows=every(proportions["rows"], 9)))
