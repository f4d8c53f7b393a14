"""Loss over runs: its distribution in each scenario, and differences between scenarios run by run."""
import numpy as np
import pandas as pd

from lodestone_plots import (BLACK, BLUE, DOUBLE, GREEN, GREY, ORANGE, PINK, RED, SKY, clip, interval, key_below,
                             money, plt, usd)

DASHED, DOTTED, MIXED = (0, (5, 1)), (0, (1, 1)), (0, (3, 1, 1, 1))
LOOKS = ((BLUE, "-"), (RED, DASHED), (GREEN, MIXED), (ORANGE, DOTTED), (SKY, "-"), (PINK, DASHED), (GREY, "-"))


def draw(r):
    loss = {s: pd.Series(r.loss(s, r.country), r.pairs(s)) for s in r.others}
    pairs = [(i, j) for n, i in enumerate(r.others) for j in [None, *r.others[:n]]]
    figure, (left, right) = plt.subplots(1, 2, figsize=(DOUBLE, max(2.6, 1.0 + 0.26 * len(pairs))))
    scale, unit = money(max(x.abs().max() for x in loss.values()))
    rows, key = [], []
    for k, s in enumerate(r.others):
        colour, style = LOOKS[k % len(LOOKS)]
        x = np.sort(loss[s].values) / scale
        share = 100 * np.arange(x.size + 1) / x.size
        line = left.step(np.append(x[0], x), share, where="post", color=colour, ls=style)
        key.append((line[0], clip(r.name[s], 40)))
    left.set_ylim(0, 100)
    left.set_xlabel(f"Final demand lost or waiting in {r.country},\nbeyond the baseline ({unit})")
    left.set_ylabel("Runs with at most this (%)")
    for y, (i, j) in enumerate(pairs):
        d = (loss[i] if j is None else loss[i] - loss[j]).dropna().values
        (low, high), (p5, p50, p95) = interval(d, r.level), np.quantile(d, (0.05, 0.5, 0.95))
        colour = LOOKS[r.others.index(i) % len(LOOKS)][0]
        right.plot([p5 / scale, p95 / scale], [y, y], color=colour, lw=1)
        right.plot([low / scale, high / scale], [y, y], color=colour, lw=4, solid_capstyle="butt")
        right.plot(d.mean() / scale, y, "D", color=BLACK, mfc="white", ms=2.4, mew=0.6)
        rows.append((r.name[i], r.name[r.base if j is None else j], d.size, d.mean(), low, high, p5, p50, p95))
    right.axvline(0, color=BLACK, lw=0.6)
    names = [(clip(r.name[i], 26), clip(r.name[r.base if j is None else j], 26)) for i, j in pairs]
    right.set_yticks(range(len(pairs)), [f"{a}\n− {b}" for a, b in names], fontsize=6)
    right.set_ylim(len(pairs) - 0.5, -0.5)
    right.set_xlabel(f"Difference, run by run ({unit})")
    key_below(figure, *zip(*key), 3)
    table = pd.DataFrame(rows, columns="scenario minus runs mean_usd lo_usd hi_usd p05_usd p50_usd p95_usd".split())
    caption = f"""Final demand of {r.country} that is lost or still waits at the end, beyond the baseline ({r.name[0]}) in the run with
        the same random numbers, {r.runs_text()}. Left: empirical distribution over runs. Right: differences between scenarios,
        run by run: mean (diamond), its interval (thick; {100 * r.level:.4g} % each{"" if len(r.others) == 1 else
        ", so that those against the baseline hold together with 95 %"}; Student's, or by bootstrap-t where skewed; none below 20
        runs), and 90 % of runs (thin). Means against the baseline: {"; ".join(
        f"{a} {usd(m)}" for a, b, m in table[["scenario", "minus", "mean_usd"]].values if b == r.name[0])}."""
    return figure, table, caption
