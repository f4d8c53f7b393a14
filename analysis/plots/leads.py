"""Lead times of a controlled product: promised, in the baseline, and before, during and after the rules."""
import numpy as np
import pandas as pd

from lodestone_plots import (BLACK, BLUE, DOUBLE, GREEN, GREY, RED, Cannot, dates, duration, key_below, mark_spans,
                             name_panel, plt, survival)

LOOKS = {"promised": (GREY, (0, (1, 1))), "baseline": (BLACK, "-"), "before": (BLUE, (0, (5, 1))),
         "during": (RED, "-"), "after": (GREEN, (0, (3, 1, 1, 1)))}


def find_flow(r):
    """As asked for; else, of those into the country, that whose orders wait longest beyond the baseline's:
    mean days x value of the baseline's exports, summed over scenarios. With its place on the axis watched."""
    usd, every = r.controller()[1], list(r.ds.watched.values)
    if r.flow and r.flow not in every:
        raise Cannot(f"{r.flow}: no flow that a rule may hold up")
    here = [f for f in usd.index if r.ds.watched_destination.values[every.index(f)] == r.country]
    if not here and not r.flow:
        raise Cannot(f"no rule may hold up what {r.country} buys")
    mean = []
    for s in (r.base, *r.others):
        q = sum(r.ds[f"cohort_{c}"][s].values.astype(float).sum(1) for c in ("received", "open"))
        mean.append(np.divide(q @ r.ds.lead.values, q.sum(-1), out=np.zeros(len(q)), where=q.sum(-1) > 0))
    more = pd.Series(np.maximum(0, np.array(mean[1:]) - mean[0]).sum(0), every)
    flow = r.flow or max(here, key=lambda f: (more[f] * usd[f], usd[f]))
    return flow, every.index(flow)


def phases(r, s):
    """Which quarters lie before, in and after the rules that only scenario s has: a mask each."""
    first = r.ds.cohort.values.astype("datetime64[D]")
    following = np.append(first[1:], r.end)
    edge = [float(r.ds[f"scenario_{c}"].values[s]) for c in ("begins", "ends")]
    begin, end = (r.end if np.isnan(x) else r.day(x) for x in edge)
    return {"before": following <= begin, "during": (following > begin) & (first < end),
            "after": (following > begin) & (first >= end)}


def orders(r, s, at, which):
    """Received, open and refused by days from the order, of the quarters `which`; the last bin is open."""
    came, still, refused = (r.ds[f"cohort_{c}"][s, at].values.astype(float)[which].sum(0)
                            for c in ("received", "open", "refused"))
    still[-1] += came[-1]
    came[-1] = 0
    return came, still, refused


def draw(r):
    flow, at = find_flow(r)
    days = r.ds.lead.values.astype(float)
    days[:-1] += (days[1] - days[0]) / 2
    quarter = r.ds.cohort.values.astype("datetime64[D]")
    figure, axes = plt.subplots(2, len(r.others), figsize=(DOUBLE, 4.6), sharey="row", squeeze=False)
    rows, refused, longest, none = [], [], 0, np.zeros(days.size)
    aside = (r.end - r.start) * 0.016

    def add(s, what, day, came, still, refused):
        ordered = came.sum() + still.sum() + refused.sum()
        ends = [*duration(days, came, still, 0.5), *duration(days, came, still, 0.9)]
        rows.append((r.name[s], what, day, ordered, 100 * refused.sum() / ordered, *ends))
        return ends

    for (top, low), s in zip(axes.T, r.others):
        every = np.ones(quarter.size, bool)
        kinds = {"promised": (r.ds.lead_promised[s].sel(flow=flow).values.astype(float), none, none),
                 "baseline": orders(r, r.base, at, every)}
        kinds.update({name: orders(r, s, at, which) for name, which in phases(r, s).items()})
        for name, parts in kinds.items():
            if not sum(parts).any():
                continue
            seen = np.flatnonzero(sum(parts))[-1] + 1  # nothing is known beyond
            share = 100 * survival(*parts)[:seen]
            longest = max(longest, days[seen - 1])
            top.step(np.append(0, days[:seen]), np.append(0, share), where="post", color=LOOKS[name][0],
                     ls=LOOKS[name][1], lw=1.3)
            middle = add(s, name, "", *parts)[0]
            if name == "promised":
                low.axhline(middle, color=GREY, ls=LOOKS[name][1], lw=1.2, zorder=0)
            if name == "during":
                refused.append((top, days[seen - 1], share[-1], rows[-1][4]))
        for source, what, shift, mark in ((r.base, "baseline", -aside, "o"), (s, "during", aside, "s")):
            found = [(day, orders(r, source, at, quarter == day)) for day in quarter]
            found = [(day, add(s, f"{what}, quarter", day, *parts)) for day, parts in found if sum(parts[:2]).any()]
            for day, (d50, is50, d90, is90) in found:
                x, colour = day + 45 + shift, LOOKS[what][0]
                low.plot([x, x], [d50, d90], color=colour, lw=0.9)
                low.plot(x, d90, marker="_" if is90 else "^", color=colour, ms=4, mfc="white", mew=0.8)
                low.plot(x, d50, marker=mark if is50 else "^", color=colour, ms=3.5)
            if not found:
                low.text(0.5, 0.65, "nothing but refused orders", transform=low.transAxes, ha="center", color=LOOKS[what][0],
                         fontsize=6.5)
        name_panel(top, r, s)
        mark_spans(low, r, s, title=False)
        top.set_xlabel("Days from the order")
        dates(low, r, 4)
        low.set_xlabel("Quarter of the order")
    for top in axes[0]:
        top.set_xlim(0, longest)
    for top, x, y, part in refused:
        x = x if y > 10 else longest
        top.annotate(f"refused {part:.0f} %", (x, y), (0, -4 if y > 50 else 4), textcoords="offset points", color=RED,
                     fontsize=6.5, ha="right" if x > longest / 2 else "left", va="top" if y > 50 else "bottom")
    axes[0, 0].set_ylim(0, 100)
    axes[1, 0].set_ylim(bottom=0)
    axes[0, 0].set_ylabel("Received\n(% of the quantity ordered)")
    axes[1, 0].set_ylabel("Lead time: median to\n9 in 10 (days)")
    present = [name for name in LOOKS if any(row[1] == name for row in rows)]
    key = [plt.Line2D([], [], color=LOOKS[name][0], ls=LOOKS[name][1], lw=1.3) for name in present]
    key += [plt.Line2D([], [], color=BLACK, marker=m, mfc=f, ls="", ms=3.5)
            for m, f in (("o", BLACK), ("_", BLACK), ("^", "white"))]
    key_below(figure, key, [*present, "median", "9 in 10", "not reached: at least this long"], 8)
    table = pd.DataFrame(rows, columns="scenario orders quarter quantity refused_pct median_d median_reached q90_d "
                                       "q90_reached".split())
    during = table[table.orders == "during"]
    parts = [f"{name} {part:.0f} %" for name, part in zip(during.scenario, during.refused_pct)]
    caption = f"""Lead times of {flow} ({r.product(str(r.ds.watched_product.values[at]))}; quantities in
        {r.ds.watched_unit.values[at]}), orders placed from {r.start} on, means over {r.runs_text()}. Above: share of the quantity
        ordered that has arrived so many days after the order; what is open counts up to its age, what is refused never arrives
        (Aalen and Johansen). Baseline: {r.name[0]}, all quarters; before, during, after: quarters of the order before, in and
        after the rules and shocks that only the scenario has (a quarter that they touch is in); promised: when the order was
        placed. Below: median and 9 in 10 of what is not refused, by quarter of the order (Kaplan and Meier, middle of a week),
        in the baseline (circles) and the scenario (squares); triangle: not reached, so long at least. Refused, of what was
        ordered during: {"; ".join(parts) or "nothing"}."""
    return figure, table, caption
