"""What the figures share: a result file opened against its baseline, statistics as analysis/README.md
defines them, and the looks."""
import functools
import re
import textwrap

import matplotlib

matplotlib.use("Agg")
import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray
from matplotlib.transforms import ScaledTranslation
from scipy.special import stdtrit

SINGLE, DOUBLE = 88 / 25.4, 180 / 25.4  # widths of a column and of a page: 88 and 180 mm
# Okabe and Ito's colours, told apart by the colour-blind, from dark to light.
BLACK, BLUE, RED, GREEN, PINK, ORANGE, SKY, YELLOW = (
    "#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442")
GREY = "#8C8C8C"
BANDS = (0.95, 0.80, 0.50)
matplotlib.rcParams.update({
    "font.family": "DejaVu Sans", "font.size": 8, "axes.labelsize": 8, "axes.titlesize": 8,
    "xtick.labelsize": 7, "ytick.labelsize": 7, "legend.fontsize": 7, "legend.frameon": False,
    "axes.spines.top": False, "axes.spines.right": False, "axes.linewidth": 0.6, "hatch.linewidth": 0.5,
    "xtick.major.width": 0.6, "ytick.major.width": 0.6, "lines.linewidth": 1.2, "savefig.dpi": 300,
    "pdf.fonttype": 42, "text.parse_math": False, "figure.constrained_layout.use": True})


class Cannot(Exception):
    """What is asked for is not in the file; the text says what."""


class Result:
    """A result file. `base` is its first scenario, `others` the rest, places on the axis scenario."""

    def __init__(self, path, country=None, flow=None, only=()):
        try:
            self.ds = xarray.open_dataset(path, engine="h5netcdf")
        except (OSError, ValueError) as fault:
            raise Cannot(f"{path}: cannot be read: {fault}") from None
        if not {"run_status", "lost"} <= set(self.ds.variables) or "start" not in self.ds.attrs or "kind" in self.ds.attrs:
            raise Cannot(f"{path}: not the result of `lodestone run`")
        self.path = path
        self.name = [str(s) for s in self.ds.scenario.values]
        if len(self.name) < 2:
            raise Cannot(f"{path}: one scenario alone; the figures hold scenarios against a baseline")
        for name in only:
            if name not in self.name[1:]:
                raise Cannot(f"{name}: no such scenario beside the baseline; there are {', '.join(self.name[1:])}")
        self.level = 1 - 0.05 / (len(self.name) - 1)  # Bonferroni, over all of the file
        self.base, self.others = 0, [s for s in range(1, len(self.name)) if not only or self.name[s] in only]
        self.start = np.datetime64(self.ds.attrs["start"], "D")
        self.end = self.start + np.timedelta64(int(self.ds.attrs["horizon_d"]), "D")
        self.country = country or self.ds.attrs["focus_country"]
        if self.country not in self.ds.market_country.values:
            raise Cannot(f"{self.country}: a country without final demand")
        self.flow = flow
        self.done = self.ds.run_status.values == 1
        if not all((self.done[s] & self.done[0]).any() for s in self.others):
            raise Cannot(f"{path}: a scenario has no run that is done in the baseline too")

    def pairs(self, s):
        """Runs that are done in scenario s and in the baseline."""
        return np.flatnonzero(self.done[s] & self.done[self.base])

    def column(self, name, s, runs=None):
        """A column of scenario s as numbers: [run, ...] of its pairs, or of `runs`."""
        if name not in self.ds:
            raise Cannot(f"the file has no column {name}")
        x = self.ds[name][s]
        if "run" in x.dims:
            x = x[self.pairs(s) if runs is None else runs]
        return x.values.astype(float)

    def both(self, name, s):
        """A column in the scenario and in the baseline, run by run."""
        return self.column(name, s), self.column(name, self.base, self.pairs(s))

    def value(self, product):
        """USD of a unit, 0 where unknown."""
        for axis in ("plant", "market"):
            at = np.flatnonzero(self.ds[axis + "_product"].values == product)
            if at.size:
                return float(self.ds[axis + "_value"].values[at[0]])
        return 0.0

    def product(self, product):
        """Its name for people."""
        at = np.flatnonzero(self.ds.plant_product.values == product)
        return str(self.ds.plant_product_name.values[at[0]]) if at.size else product

    def loss(self, s, country=None):
        """Final demand lost or waiting at the end beyond the baseline, USD: [pair]."""
        here = np.ones(self.ds.sizes["market"], bool) if country is None else self.ds.market_country.values == country
        value = self.ds.market_value.values * here
        (lost, lost_b), (waits, waits_b) = self.both("lost", s), self.both("backlog", s)
        return (lost + waits) @ value - (lost_b + waits_b) @ value

    def stage(self):
        """Stage of the goods for which the country has most final demand, by value."""
        here = self.ds.market_country.values == self.country
        usd = (self.column("demand", self.base, np.flatnonzero(self.done[0])).mean(0) * self.ds.market_value.values)[here]
        goods = pd.Series(usd).groupby(self.ds.market_goods.values[here]).sum()
        return goods.idxmax().split("~", 1)[1]

    def controller(self):
        """Origin of most exports, by value, of what some rule may hold up, and those flows."""
        if "watched" not in self.ds.dims:
            raise Cannot("no rule of any scenario may hold up a flow")
        origin = self.ds.watched_origin.values
        flow = {str(f): i for i, f in enumerate(self.ds.flow.values)}
        usd = self.column("exports", self.base, np.flatnonzero(self.done[0])).mean(0).sum(-1)
        usd = [usd[flow[f]] * self.value(p) for f, p in zip(self.ds.watched.values, self.ds.watched_product.values)]
        top = pd.Series(usd).groupby(origin).sum().idxmax()
        return top, pd.Series(usd, self.ds.watched.values)[origin == top]

    def day(self, days):
        return self.start + np.timedelta64(int(np.floor(days)), "D")

    def spans(self, s):
        """(name, first day, last day) of rules and shocks that the baseline does not have."""
        found = []
        mine, base = (self._rules(self.name[k]) for k in (s, self.base))
        for text in mine:
            if text in base:
                continue
            key = dict(re.findall(r'^    (\w+) = "(.*)";$', text, re.M))
            edge = [key.get("from"), key.get("suspended_from"), key.get("suspended_until"), key.get("until")]
            edge = [np.datetime64(e, "D") if e else None for e in edge]
            last = edge[3] or self.end
            parts = [(edge[0], edge[1]), (edge[2] or last, last)] if edge[1] else [(edge[0], last)]
            found += [(key["id"], max(a, self.start), min(b, self.end)) for a, b in parts if a < b and b > self.start]
        for i, shock in enumerate(self.ds.shock.values if "shock_first" in self.ds else []):
            first, last = (self.ds[c][s, self.pairs(s), i].values for c in ("shock_first", "shock_last"))
            in_base = self.ds.shock_first[self.base, self.pairs(s), i].values
            if not np.isnan(first).all() and not np.array_equal(first, in_base, equal_nan=True):
                found.append((str(shock), self.day(np.nanmedian(first)), self.day(np.nanmedian(last) + 1)))
        return sorted(found, key=lambda span: (span[1], span[0]))

    @functools.cached_property
    def _input(self):
        return xarray.open_dataset(self.path, engine="h5netcdf", group="input")

    def _rules(self, scenario):
        text = str(self._input[scenario + ".cfg"].values) if scenario + ".cfg" in self._input else ""
        rules = re.search(r"^rules = \(\n(.*?)^\);", text, re.S | re.M)
        return re.findall(r"^  \{\n(.*?)^  \}", rules.group(1), re.S | re.M) if rules else []

    def runs_text(self):
        n = [self.pairs(s).size for s in self.others]
        return f"{n[0]} runs" if len(set(n)) == 1 else f"{min(n)} to {max(n)} runs"


HASH = 0xE275A7B7ED1D0465  # sim_hash("bootstrap")


def _philox(a, b, key):
    """sim_philox for arrays of uint64: the random bits of the bootstrap of analysis/stats_boot.c."""
    low, half, m = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(0xD2B74407B1CE6E93)
    for _ in range(10):
        p, q, r = (a & low) * (m & low), (a >> half) * (m & low), (a & low) * (m >> half)
        high = (a >> half) * (m >> half) + (q >> half) + (((p >> half) + (q & low) + r) >> half)
        a, b = high ^ np.uint64(key) ^ b, a * m
        key = (key + 0x9E3779B97F4A7C15) % 2**64
    return a, b


def skew(x):
    n, d = x.size, x - x.mean()
    return (d**3).mean() / (d**2).mean() ** 1.5 * np.sqrt(n * (n - 1)) / (n - 2) if n > 2 and d.any() else np.nan


def interval(x, level):
    """Interval of the mean of differences as `lodestone show` prints it: Student's, by bootstrap-t where
    they are skewed, none (NaN) below 20."""
    n, g = x.size, skew(x) ** 2
    if n < 20:
        return np.nan, np.nan
    m, error = x.mean(), x.std(ddof=1) / np.sqrt(n)
    if not (n < 25 * g if n > 1000 else g > 4 or n < 100 * g):
        half = stdtrit(n - 1, 0.5 + level / 2) * error
        return m - half, m + half
    n_t = 1000 * int(min(4, max(1, np.ceil(0.05 / (1 - level) - 1e-9)))) - 1
    i, b = np.meshgrid(np.arange((n + 3) // 4, dtype=np.uint64), np.arange(n_t, dtype=np.uint64))
    words = np.stack(_philox(i, b, HASH), -1)
    words = np.stack([words & np.uint64(0xFFFFFFFF), words >> np.uint64(32)], -1).reshape(n_t, -1)[:, :n]
    y = ((x - m) / x.std(ddof=1))[(words * np.uint64(n) >> np.uint64(32)).astype(int)]
    var = (np.sum(y * y, 1) - n * y.mean(1) ** 2) / (n - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        none = np.where(y.mean(1) == 0, 0.0, np.copysign(np.inf, y.mean(1)))
        t = np.where(var > 1e-10, y.mean(1) / np.sqrt(var / n), none)
    t.sort()
    tail = max(0, int(0.5 * (1 - level) * (n_t + 1) + 1e-6) - 1)
    return m - t[n_t - 1 - tail] * error, m - t[tail] * error


def survival(ended, still, other=0.0):
    """Share of the quantity that has ended by each time, what is still open counted to its age: 1 - S
    of Kaplan and Meier; with `other` ends (refused) the cumulative incidence of Aalen and Johansen."""
    risk = np.cumsum((ended + still + other)[::-1])[::-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        leave = np.where(risk > 0, (ended + other) / risk, 0.0)
        before = np.concatenate(([1.0], np.cumprod(1 - leave)[:-1]))
        return np.cumsum(before * np.where(risk > 0, ended / risk, 0.0))


def duration(days, ended, still, p):
    """(p quantile of Kaplan and Meier, True), or (longest time seen, False) where it is not reached."""
    share = survival(ended, still)
    seen = np.flatnonzero(ended + still > 0)
    if not seen.size:
        return np.nan, False
    at = np.flatnonzero(share >= p - 1e-9)
    return (days[at[0]], True) if at.size else (days[seen[-1]], False)


def tint(colour, part):
    rgb = np.array(matplotlib.colors.to_rgb(colour))
    return tuple(1 - part * (1 - rgb))


def fan(ax, x, y, colour=BLUE):
    """Median and 50, 80, 95 % bands of y[run, x]; returns them as a table."""
    p = [0.5] + [q for band in BANDS for q in ((1 - band) / 2, (1 + band) / 2)]
    with np.errstate(invalid="ignore"):
        q = np.nanquantile(y, p, axis=0)
    for k, part in enumerate((0.22, 0.42, 0.65)):
        ax.fill_between(x, q[2 * k + 1], q[2 * k + 2], color=tint(colour, part), lw=0)
    ax.plot(x, q[0], color=tint(BLACK, 0.9), lw=1.1)
    return pd.DataFrame({f"p{100 * p[k]:g}": q[k] for k in (1, 3, 5, 0, 6, 4, 2)})


def fan_key(colour=BLUE):
    """Handles and labels of a legend for fans."""
    handles = [plt.Line2D([], [], color=tint(BLACK, 0.9), lw=1.1)]
    handles += [plt.Rectangle((0, 0), 1, 1, color=tint(colour, part)) for part in (0.65, 0.42, 0.22)]
    return handles, ["median"] + [f"{100 * b:.0f} % of runs" for b in BANDS[::-1]]


def name_panel(ax, r, s, pad=4):
    """The scenario's name above the axes. Returns how many characters fit there."""
    room = max(8, int(11.2 * ax.figure.get_figwidth() / ax.get_subplotspec().get_gridspec().ncols))
    ax.set_title(textwrap.fill(r.name[s], room), loc="left", fontweight="bold", fontsize=7.5, pad=pad)
    return room


def mark_spans(ax, r, s, title=True):
    """The scenario's name, under it as bars the rules and shocks that only it has, with their names."""
    step, spans = 8, r.spans(s)
    most = max(len({name for name, _, _ in r.spans(k)}) for k in r.others)
    room = name_panel(ax, r, s, 4 + step * most) if title else 20
    names = list(dict.fromkeys(name for name, _, _ in spans))
    for name, first, last in spans:
        up = ScaledTranslation(0, (4 + step * (len(names) - 1 - names.index(name))) / 72, ax.figure.dpi_scale_trans)
        place = ax.get_xaxis_transform() + up
        ax.plot([first, last], [1, 1], transform=place, clip_on=False, color=tint(RED, 0.4), lw=step - 1,
                solid_capstyle="butt")
        ax.text(first, 1, " " + clip(name, room), transform=place, fontsize=5.5, va="center_baseline")
        ax.axvline(first, color=RED, lw=0.5, ls=(0, (2, 2)), zorder=3)


def dates(ax, r, most=5):
    """An axis of dates over the whole record, with at most about so many ticks."""
    ax.set_xlim(r.start, r.end)
    months = (r.end - r.start).astype(int) / 30.44
    if months < 3:
        ax.xaxis.set_major_locator(mdates.DayLocator(bymonthday=(1, 15)))
        ax.xaxis.set_major_formatter(mdates.DateFormatter("%-d %b\n%Y"))
        return
    step = next((k for k in (1, 2, 3, 6) if months <= k * most), 12)
    years = max(1, int(months / 12 / most + 0.99)) if step == 12 else 1
    ax.xaxis.set_major_locator(mdates.YearLocator(years) if step == 12 else mdates.MonthLocator(range(1, 13, step)))
    form = lambda x, at: mdates.num2date(x).strftime("%b\n%Y" if at == 0 or mdates.num2date(x).month == 1 else "%b")
    ax.xaxis.set_major_formatter(plt.FuncFormatter(form))


def clip(text, most):
    return text if len(text) <= most else text[: most - 2].rstrip() + ".."


def key_below(figure, handles, labels, columns):
    """A legend under all panels."""
    rows = -(-len(labels) // columns)
    part = (4 + 11 * rows) / 72 / figure.get_figheight()
    figure.get_layout_engine().set(rect=(0, part, 1, 1 - part))
    figure.legend(handles, labels, loc="lower center", ncol=columns, handlelength=1.6, columnspacing=1.4, borderaxespad=0.2)


def money(most):
    """(USD of a unit of an axis that goes up to `most` USD, its name)."""
    return next(((scale, unit) for scale, unit in ((1e12, "tn USD"), (1e9, "bn USD"), (1e6, "m USD"), (1e3, "k USD")) if
                 most >= scale), (1.0, "USD"))


def usd(x):
    """3 digits, as `lodestone show` prints money."""
    scale, unit = money(abs(x) * 1.0005)
    digits = len(f"{abs(x) / scale:.0f}") if abs(x) / scale >= 9.995 else 1
    return f"{x / scale:.{max(0, 3 - digits) if scale > 1 else 0}f} {unit}"


def save(figure, table, caption, path):
    """PATH.pdf, .png, .csv (the numbers that are drawn) and .txt (what it shows): the same bytes each time."""
    figure.savefig(path + ".pdf", metadata={"CreationDate": None, "Creator": None, "Producer": None})
    figure.set_layout_engine("none")  # it is done
    figure.savefig(path + ".png", metadata={"Software": None})
    plt.close(figure)
    text = table.select_dtypes(object)
    table[text.columns] = text.apply(lambda c: c.map(lambda v: "'" + v if str(v)[:1] in tuple("=+-@\t\r") else v))
    table.to_csv(path + ".csv", index=False, float_format="%.10g", lineterminator="\n")
    with open(path + ".txt", "w", encoding="utf-8") as f:
        f.write(" ".join(caption.split()) + "\n")
