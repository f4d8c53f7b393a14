"""Who stops when: plants of the country by 28 days, share of runs in which a plant makes less than half."""
import numpy as np
import pandas as pd

from lodestone_plots import BLUE, DOUBLE, RED, Cannot, clip, dates, mark_spans, matplotlib, plt, tint

MOST, STOP_D = 30, 3


def first_stop(r, s):
    """Day of the first stop of each line, NaN without one: as `lodestone show` (analysis/README.md)."""
    (long, long_b), (first, first_b) = r.both("stop_longest", s), r.both("stop_first", s)
    day = np.where(np.isnan(first_b) | (first < first_b), first, r.column("stop_longest_first", s))
    return np.where((long >= STOP_D) & (long_b < STOP_D), day, np.nan)


def plants(r, s):
    """A row for each plant of the country, the values of all its lines together."""
    ds, rows = r.ds, []
    stop, (made, made_b), (part, part_b) = first_stop(r, s), r.both("started", s), r.both("period_started", s)
    lost = (made_b - made).mean(0) * ds.plant_value.values
    with np.errstate(invalid="ignore", divide="ignore"):
        low = np.where(part_b > 0, part < 0.5 * part_b, np.nan)  # pair, line, period
    site = ds.plant_site.values
    for place in dict.fromkeys(site[ds.plant_country.values == r.country]):
        line = site == place
        first = np.fmin.reduce(stop[:, line], axis=1)
        known = first[~np.isnan(first)]
        rows.append(dict(site=place, name=ds.plant_name.values[line][0], tier=ds.plant_tier.values[line][0],
                         lost_usd=lost[line].sum(), stops=known.size / first.size,
                         first_stop=r.day(np.median(known)) if known.size else None,
                         low=np.fmax.reduce(low[:, line], axis=1)))
    return pd.DataFrame(rows).set_index("site")


def draw(r):
    every = {s: plants(r, s) for s in r.others}
    stop = [p for p in every[r.others[0]].index if any(every[s].stops[p] >= 0.5 for s in r.others)]
    if not stop:
        raise Cannot(f"no plant in {r.country} stops in half of the runs")
    worst = max(r.others, key=lambda s: every[s].lost_usd[stop].sum())
    show = every[worst].loc[stop].sort_values("lost_usd", ascending=False, kind="stable").index[:MOST]
    begin = r.ds.period.values.astype("datetime64[D]")
    edges = matplotlib.dates.date2num(np.append(begin, r.end))
    shades = matplotlib.colors.LinearSegmentedColormap.from_list("blues", ["white", tint(BLUE, 0.5), BLUE, "#00263D"])
    shades.set_bad("#E6E6E6")
    size = (DOUBLE, 0.9 + 0.155 * max(len(show), 6))
    figure, axes = plt.subplots(1, len(r.others), figsize=size, sharey=True, squeeze=False)
    tables = []
    for ax, s in zip(axes[0], r.others):
        rows = every[s].loc[show]
        with np.errstate(invalid="ignore"):
            share = np.stack([pd.DataFrame(x).mean().values for x in rows.low])
        mesh = ax.pcolormesh(edges, np.arange(len(show) + 1) - 0.5, share, cmap=shades, vmin=0, vmax=1,
                             edgecolors="face", linewidth=0.1)
        ax.hlines(np.arange(1, len(show)) - 0.5, r.start, r.end, color="white", lw=0.5)
        often = rows.stops.values >= 0.5
        ax.plot(list(rows.first_stop[often]), np.flatnonzero(often), "d", color=RED, ms=3.2, mec="white", mew=0.4)
        mark_spans(ax, r, s)
        dates(ax, r, 4)
        about = rows[["name", "tier", "lost_usd", "stops", "first_stop"]].reset_index()
        about.insert(0, "scenario", r.name[s])
        tables.append(pd.concat([about, pd.DataFrame(share, columns=[f"low_{d}" for d in begin])], axis=1))
    rows = every[worst].loc[show]
    axes[0, 0].set_yticks(range(len(show)), [f"{clip(n, 34)}, {t}" for n, t in zip(rows.name, rows.tier)], fontsize=6)
    axes[0, 0].set_ylim(len(show) - 0.5, -0.5)
    bar = figure.colorbar(mesh, ax=axes, location="bottom", shrink=0.4, aspect=40, pad=0.01)
    bar.set_label("Share of runs in which a line of the plant makes less than half of the baseline's, in 28 days", fontsize=7)
    bar.ax.tick_params(labelsize=6)
    caption = f"""Plants in {r.country} that stop in half of the runs or more in some scenario, sorted by output lost in
        {r.name[worst]}, {"all" if len(stop) <= MOST else "the first"} {len(show)} of {len(stop)}. Shade: share of
        {r.runs_text()} in which some line of the plant makes less than half of what it makes in the same 28 days of the
        baseline ({r.name[0]}) with the same random numbers; grey: the baseline makes nothing. Diamond: median first stop
        (less than half of the planned starts, 3 days or more in a row, which the baseline does not have), where the plant
        stops in half of the runs or more. Red bars: rules and shocks that the baseline does not have."""
    return figure, pd.concat(tables), caption
