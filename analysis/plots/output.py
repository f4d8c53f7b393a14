"""Output of the country's end product against the baseline, by week: a fan for each scenario."""
import numpy as np
import pandas as pd

from lodestone_plots import BLACK, DOUBLE, dates, fan, fan_key, key_below, mark_spans, plt

WEEKS = 4


def ratios(r, s, stage):
    """Output of 4 weeks by value, over the baseline's in the same run, %: [pair, first week]."""
    value = np.array([r.value(p) for p in r.ds.group_product.values])
    value *= (r.ds.group_country.values == r.country) & (r.ds.group_tier.values == stage)
    made, base = (np.einsum("pgw,g->pw", x, value) for x in r.both("group_made", s))
    made, base = (sum(x[:, k : x.shape[1] - WEEKS + 1 + k] for k in range(WEEKS)) for x in (made, base))
    return 100 * np.divide(made, base, out=np.full_like(made, np.nan), where=base > 0)


def draw(r):
    stage, week = r.stage(), r.ds.week.values[: 1 - WEEKS].astype("datetime64[D]")
    columns = min(3, len(r.others))
    rows = -(-len(r.others) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(DOUBLE, 2.6 * rows), sharey=True, squeeze=False)
    tables, least = [], []
    for ax, s in zip(axes.flat, r.others):
        q = ratios(r, s, stage)
        tables.append(fan(ax, week + 7 * WEEKS // 2, q).assign(scenario=r.name[s], week=week))
        low = np.where(np.isnan(q), np.inf, q)
        first = np.median((week - r.start).astype(int)[low.argmin(1)])
        least.append(f"{r.name[s]} {np.median(low.min(1)):.0f} % (28 days from {r.day(first)})")
        ax.axhline(100, color=BLACK, lw=0.6, ls=(0, (4, 2)), zorder=0)
        mark_spans(ax, r, s)
        dates(ax, r)
    axes[0, 0].set_ylim(bottom=0)
    for ax in axes.flat[len(r.others) :]:
        ax.set_axis_off()
    for ax in axes[:, 0]:
        ax.set_ylabel(f"{stage.capitalize()} output in {r.country}, 28 days\n(% of the baseline's)")
    key_below(figure, *fan_key(), 4)
    caption = f"""Output of stage {stage} in {r.country}, its end product: sum of output by value over 4 weeks, over that of
        the baseline ({r.name[0]}) in the run with the same random numbers, drawn in the middle of the 4 weeks. Median and
        the bands of 50, 80 and 95 % of runs at each date, {r.runs_text()}: the range of outcomes, not how well the median
        is known. Dashed: the baseline. Red bars: rules and shocks that the baseline does not have. Least output in the
        median run: {"; ".join(least)}."""
    return figure, pd.concat(tables), caption
