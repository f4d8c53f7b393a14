"""Loss by root cause: stacked bars for each scenario, with the interval of the total."""
import numpy as np
import pandas as pd

from lodestone_plots import (BLACK, BLUE, DOUBLE, GREEN, GREY, ORANGE, PINK, RED, SKY, YELLOW, clip, interval, key_below,
                             money, plt, tint, usd)

LOOKS = ((BLUE, ""), (ORANGE, ""), (GREEN, "////"), (YELLOW, ""), (RED, "...."), (SKY, "\\\\\\\\"), (PINK, "xxxx"))


def label(ds, i):
    why, rule, site, product = (str(ds[f"cause_{c}"].values[i]) for c in ("why", "rule", "site", "product"))
    parts = (why, product and f"for {product}", rule and f"under {rule}", site and f"at {site}")
    return " ".join(part for part in parts if part)


def draw(r):
    more = np.array([np.subtract(*(x.mean(0) for x in r.both("loss_by_cause", s))) for s in r.others])
    increase = np.maximum(more, 0)
    share = 100 * increase / np.maximum(increase.sum(1, keepdims=True), 1e-300)
    top = np.argsort(-share.max(0), kind="stable")[: len(LOOKS)]
    top = [i for i in top if increase[:, i].any()]
    rest = np.setdiff1d(np.arange(more.shape[1]), top)
    bars = [(label(r.ds, i), LOOKS[k], increase[:, i], share[:, i]) for k, i in enumerate(top)]
    if increase[:, rest].any():
        bars.append(("all other causes", (tint(GREY, 0.6), ""), increase[:, rest].sum(1), share[:, rest].sum(1)))
    scale, unit = money(max(increase.sum(1).max(), *(r.loss(s).mean() for s in r.others), 0))
    figure, (left, right) = plt.subplots(1, 2, figsize=(DOUBLE, 1.5 + 0.32 * len(r.others)), sharey=True)
    y, rows, key, end = np.arange(len(r.others)), [], [], np.zeros((2, len(r.others)))
    for name, (colour, hatch), x, part in bars:
        for k, (ax, width) in enumerate(((left, x / scale), (right, part))):
            drawn = ax.barh(y, width, 0.62, left=end[k], color=colour, hatch=hatch, edgecolor=BLACK, lw=0.3)
            end[k] += width
        key.append((drawn, clip(name, 62)))
        rows += [(r.name[s], name, x[j], part[j]) for j, s in enumerate(r.others)]
    total = []
    for j, s in enumerate(r.others):
        loss = r.loss(s)
        mean, (low, high) = loss.mean(), interval(loss, r.level)
        rows.append((r.name[s], "total", mean, np.nan, low, high))
        left.plot([low / scale, high / scale], [j, j], "|-", color=BLACK, lw=0.8, ms=5)
        left.plot(mean / scale, j, "D", ms=2.6, color=BLACK, mfc="white", mew=0.7)
        beyond = np.nanmax([end[0, j], mean / scale, high / scale])
        left.annotate(usd(mean), (beyond, j), (4, 0), textcoords="offset points", va="center", fontsize=6.5)
        total.append(f"{r.name[s]} {usd(mean)}" + ("" if np.isnan(low) else f" ({usd(low)} to {usd(high)})"))
    left.set_yticks(y, [clip(r.name[s], 30) for s in r.others])
    left.invert_yaxis()
    left.set_xlim(min(0, left.get_xlim()[0]), 1.25 * left.get_xlim()[1])
    left.set_xlabel(f"Final demand lost or waiting,\nbeyond the baseline ({unit})")
    right.set_xlabel("Share of the increases (%)")
    right.set_xlim(0, 100)
    if key:
        key_below(figure, *zip(*key), 2)
    names = "; ".join(f"{p}: {r.product(p)}" for p in dict.fromkeys(str(r.ds.cause_product.values[i]) for i in top) if p)
    caption = f"""Final demand of all markets that is lost or still waits at the end beyond the baseline ({r.name[0]}), by root
        cause: means over {r.runs_text()} of what each cause adds; on the right as shares of the sum of all increases. Diamond and
        line: mean of the total and its interval ({100 * r.level:.4g} % each, 95 % for all scenarios of the file together; paired
        by run; Student's, or by bootstrap-t where skewed; none below 20 runs). Where some causes cost less than in the baseline
        the total is below the end of the bar. Totals: {"; ".join(total)}. {names}"""
    return figure, pd.DataFrame(rows, columns=["scenario", "cause", "mean_usd", "share_pct", "lo_usd", "hi_usd"]), caption
