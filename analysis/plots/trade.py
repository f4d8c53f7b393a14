"""Exports of the controlling country by destination and month, and licences that wait."""
import numpy as np
import pandas as pd

from lodestone_plots import (BLUE, DOUBLE, GREEN, GREY, ORANGE, SKY, Cannot, dates, fan, fan_key, key_below, mark_spans,
                             money, plt, tint)

LOOKS = ((BLUE, ""), (ORANGE, "////"), (GREEN, ""), (SKY, "...."), (tint(GREY, 0.5), ""))


def draw(r):
    origin, watched = r.controller()
    products = {f.split("~", 1)[1] for f in watched.index}
    ds = r.ds
    which = np.flatnonzero((ds.flow_origin.values == origin) & np.isin(ds.flow_product.values, sorted(products)))
    value = np.array([r.value(p) for p in ds.flow_product.values[which]])
    to, month = ds.flow_destination.values[which], ds.month.values.astype("datetime64[D]")
    exports = {s: r.column("exports", s).mean(0)[which] * value[:, None] for s in (r.base, *r.others)}
    if not any(x.any() for x in exports.values()):
        raise Cannot(f"{origin} exports nothing that a rule may hold up")
    order = pd.Series(exports[r.base].sum(1)).groupby(to).sum().sort_values(ascending=False, kind="stable").index
    order = [c for c in (r.country, *order) if c in order]
    named = list(dict.fromkeys(order))[: len(LOOKS) - 1]
    looks = [*zip(named, LOOKS), *([(None, LOOKS[-1])] if len(set(to)) > len(named) else [])]
    scale, unit = money(max(x.sum(0).max() for x in exports.values()))
    waiting = "office_backlog" in ds and ds.office_backlog.values.any()
    shown = (r.base, *r.others)
    figure, axes = plt.subplots(1 + waiting, len(shown), figsize=(DOUBLE, 2.9 + 1.7 * waiting), sharey="row", squeeze=False)
    edges = np.append(month, r.end)
    tables = []
    for ax, s in zip(axes[0], shown):
        below = np.zeros(month.size)
        table = pd.DataFrame({"scenario": r.name[s], "month": month})
        for name, (colour, hatch) in looks:
            x = exports[s][to == name if name else ~np.isin(to, named)].sum(0)
            table[f"usd_{name or 'others'}"] = x
            ax.bar(edges[:-1], x / scale, np.diff(edges), below, align="edge", color=colour, hatch=hatch,
                   edgecolor="white", lw=0.2)
            below = below + x / scale
        mark_spans(ax, r, s)
        dates(ax, r, 3)
        tables.append(table)
    for ax, s, table in zip(axes[1] if waiting else (), shown, tables):
        bands = fan(ax, edges[1:], r.column("office_backlog", s).sum(1))
        table[[f"waiting_{c}" for c in bands]] = bands.values
        dates(ax, r, 3)
    axes[0, 0].set_ylabel(f"Controlled exports of {origin}\n({unit} a month)")
    handles = [plt.Rectangle((0, 0), 1, 1, facecolor=c, hatch=h, edgecolor="white") for _, (c, h) in looks]
    labels = [f"to {name or 'others'}" for name, _ in looks]
    if waiting:
        axes[1, 0].set_ylabel("Licences waiting\n(applications, month's end)")
        axes[1, 0].set_ylim(bottom=0)
        more = fan_key()
        handles, labels = handles + more[0], labels + more[1]
    key_below(figure, handles, labels, 5)
    caption = f"""Exports of {origin} of products that some rule may hold up ({len(products)}), released by customs, by month and
        destination, at the value of the goods; means over runs ({r.runs_text()}); the last month may be short."""
    if waiting:
        caption += f""" Below: applications undecided at the month's end, all offices ({", ".join(map(str, ds.office.values))}):
        median and bands of 50, 80 and 95 % of runs."""
    caption += " Red bars: rules and shocks that the baseline does not have."
    return figure, pd.concat(tables), caption
