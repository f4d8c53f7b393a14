"""What the tables of a report must hold, from the file of results: report_numbers.py FILE.h5 > NUMBERS.json

A list of { figure, choose, columns, static }: see against() in report.mjs. A section adds its own."""
import json
import sys

import numpy as np
import xarray as xr

d = xr.open_dataset(sys.argv[1], engine="h5netcdf", decode_times=False)
start = np.datetime64(str(d.attrs["start"]))
scenarios = [str(s) for s in d.scenario.values]
value = dict(zip(d["product"].values, d.product_value.values))
done = d.run_status.values == 1
FAN = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975]


def dates(axis, step):
    """Points of a time axis that lie in the record as a whole."""
    days = d[axis].values
    return [str(start + np.timedelta64(int(x), "D")) for x in days if x + step <= float(d.attrs["horizon_d"])]


def fans(x, days):
    """x: [scenario][run][time]; quantiles over the runs that are done."""
    columns = {}
    for s, label in enumerate(scenarios):
        q = np.quantile(x[s][done[s]].astype(float), FAN, axis=0)
        for k, p in enumerate(FAN):
            columns[f"{label}, {100 * p:g} % quantile"] = dict(zip(days, q[k].tolist()))
    return columns


def answer():
    """Loss of each scenario beyond the first, over runs that are done in both, markets of the focus country."""
    here = d.market_country.values == d.attrs["focus_country"]
    usd = ((d.lost + d.backlog) * d.market_value).values[..., here].sum(axis=2)
    columns = {"mean (": {}, "median (": {}}
    fifths = {"5 % of runs under": {}, "5 % of runs over": {}}
    for s, label in enumerate(scenarios[1:], 1):
        loss = (usd[s] - usd[0])[done[s] & done[0]]
        columns["mean ("][label], columns["median ("][label] = loss.mean(), np.median(loss)
        fifths["5 % of runs under"][label], fifths["5 % of runs over"][label] = np.quantile(loss, [0.05, 0.95])
    yield {"figure": "answer", "columns": columns | fifths}
    yield {"figure": "answer", "columns": columns, "static": True}


def time():
    weeks = dates("week", 7)
    made = d.group_made.values[..., : len(weeks)]
    country, stage, product = d.group_country.values, d.group_tier.values, d.group_product.values
    usd = np.array([value[p] for p in product])
    for c, t in [("JP", "vehicle"), ("JP", "component"), ("CN", "mine")]:
        here = (country == c) & (stage == t)
        assert here.any()
        choose = {"measure": "Output", "country": c, "stage": t}
        sums = (made * usd[:, None])[:, :, here].sum(axis=2)
        columns = fans(sums, weeks)
        yield {"figure": "time", "choose": choose, "columns": columns}
        if (c, t) == ("JP", "vehicle"):
            shown = {k: x for k, x in columns.items() if any(f", {q} % " in k for q in (10, 50, 90))}
            yield {"figure": "time", "columns": shown, "static": True}


def symbol(element):
    return "".join(element[i : i + 2].capitalize() for i in range(0, len(element), 2))


def flow():
    """Each element and magnets, in the second month of each scenario: a link is two places."""
    ends = zip(*[d[f"link_{x}"].values for x in ("from_country", "from_tier", "to_country", "to_tier")])
    ends = [" ".join(e) for e in ends]
    products = list(d["product"].values)
    at = [products.index(p) for p in d.link_product.values]
    magnets = (d.product_stage.values[at] == "magnet") * 1.0
    kg = dict(zip(d.element.values, d.content_kg.values[at].T))
    weights = {f"{symbol(e)} (kg)": x for e, x in kg.items()} | {"magnets (kg)": magnets}
    for measure, weight in weights.items():
        moved, held = [d[c].values * weight[:, None] for c in ("link_moved", "link_held")]
        shown = [i for i in range(len(ends)) if moved[:, i, :].sum() > 0]
        if not shown:
            continue
        for s, label in enumerate(scenarios):
            sums = [{ends[i]: 0.0 for i in shown} for _ in range(4)]
            for i in shown:
                for to, x in zip(sums, (moved[s], moved[0], held[s], held[0])):
                    to[ends[i]] += float(x[i, 1])
            columns = ("moved (", "moved in the baseline", "held back at the end", "held back in the baseline")
            yield {
                "figure": "flow",
                "choose": {"measure": measure, "scenario": label, "month": 1},
                "key": 4,
                "columns": dict(zip(columns, sums)),
            }


def on_map():
    """What sites miss of their plans for the weeks that begin in the third month."""
    first, last = d.month.values[2:4]
    weeks = (d.week.values >= first) & (d.week.values < last) & (d.week.values + 7 <= float(d.attrs["horizon_d"]))
    whole = d.week.values + 7 <= float(d.attrs["horizon_d"])
    plan = d.site_planned.values[0][:, whole].mean(axis=1)
    planned, missed = [d[c].values[:, :, weeks].sum(axis=2) for c in ("site_planned", "site_missed")]
    with np.errstate(divide="ignore", invalid="ignore"):
        part = 100 * missed / planned
    for s, label in enumerate(scenarios):
        hit = [i for i in range(len(plan)) if s > 0 and part[s, i] - part[0, i] > 2]
        assert hit or s < len(scenarios) - 1
        names = d.site_name.values
        columns = ("plan a week", "missing (", "missing in the baseline")
        yield {
            "figure": "map",
            "choose": {"scenario": label, "month": 2},
            "columns": {c: {names[i]: float(x[i]) for i in hit} for c, x in zip(columns, (plan, part[s], part[0]))},
            "whole": False,
        }


def pairs(x, s):
    """[run][...] of the baseline and of scenario s, of the runs that are done in both."""
    both = done[0] & done[s]
    return x[0][both], x[s][both]


def stop():
    site, country = d.plant_site.values, d.plant_country.values
    names = dict(zip(d.site.values, d.site_name.values))
    net = d.plant_value.values - d.plant_input_value.values
    for s, label in enumerate(scenarios[1:], 1):
        base, with_ = pairs(d.started.values, s)
        longest_base, longest = pairs(d.stop_longest.values, s)
        lost, share = {}, {}
        for x in sorted(set(site[country == "JP"])):
            of = site == x
            lost[names[x]] = float(((base - with_)[:, of] * net[of]).sum(axis=1).mean())
            stops = ((longest[:, of] >= 3) & ~(longest_base[:, of] >= 3)).any(axis=1)
            share[names[x]] = 100 * float(stops.mean())
        shown = [n for n in lost if lost[n] > 0 or share[n] > 0]
        columns = {"net value lost": {n: lost[n] for n in shown}, "share": {n: share[n] for n in shown}}
        yield {"figure": "stop", "choose": {"scenario": label, "where": "in JP"}, "columns": columns}


def why():
    kind = d.cause_why.values
    months = [str(start + np.timedelta64(int(x), "D"))[:7] for x in d.month.values]
    for s, label in enumerate(scenarios[1:], 1):
        more = d.month_loss.values[s] - d.month_loss.values[0]
        columns = {}
        for k in sorted(set(kind[np.abs(more).sum(axis=1) > 0])):
            columns[f"{k} (USD)"] = dict(zip(months, more[kind == k].sum(axis=0).tolist()))
        assert columns
        yield {"figure": "why", "choose": {"scenario": label, "by": "kind of cause"}, "columns": columns, "whole": False}
        # What the months sum up to is the loss.
        both = done[0] & done[s]
        loss = (d.loss_usd.values[s] - d.loss_usd.values[0])[both].sum(axis=1).mean()
        assert not both.all() or abs(more.sum() - loss) < 1e-9 * abs(loss)


def median(came, open_, days):
    """Kaplan and Meier; None where it is not reached. The last bin counts as open."""
    s, left = 1.0, came.sum() + open_.sum()
    for k in range(len(days) - 1):
        if left > 0:
            s *= 1 - came[k] / left
        if s <= 0.5 + 1e-9:
            return float(days[k])
        left -= came[k] + open_[k]
    return None


def lead():
    days = d.lead.values + (d.lead.values[1] - d.lead.values[0]) / 2
    flow = list(d.watched.values).index("CN>JP~magnet")
    came, open_, refused = (x.values[:, flow] for x in (d.cohort_received, d.cohort_open, d.cohort_refused))
    medians, parts = {}, {}
    for q, day in enumerate(d.cohort.values):
        date = str(start + np.timedelta64(int(day), "D"))
        for s, label in enumerate(scenarios):
            key = f"{date[:4]}Q{(int(date[5:7]) + 2) // 3} {label}"
            all_ = came[s, q].sum() + open_[s, q].sum() + refused[s, q].sum()
            m = median(came[s, q].astype(float), open_[s, q].astype(float), days)
            if m is not None:
                medians[key] = m
            if all_ > 0:
                parts[key] = 100 * float(refused[s, q].sum() / all_)
    assert len(medians) > 3 and max(parts.values()) > 0
    columns = {"median (d)": medians, "refused (%)": parts}
    choose = {"show": "median days, by quarter of the order"}
    yield {"figure": "lead", "choose": choose, "key": 2, "columns": columns, "whole": False}


def heat():
    """Firms are sites here: what each plans, misses and keeps over the whole weeks, and in two of them."""
    weeks = dates("week", 7)
    whole = slice(len(weeks))
    names = d.site_name.values
    for choice, (of, missed) in {"own plan": ("site_planned", "site_missed"), "what it ordered, on time": ("site_due", "site_on_time")}.items():
        for s, label in enumerate(scenarios):
            usd, x = [d[c].values[s][:, whole].astype(float) for c in (of, missed)]
            x = x if choice == "own plan" else usd - x
            kept = lambda a, b: {n: 100 * (1 - q / p) for n, p, q in zip(names, a, b) if p >= 1}
            here = usd.sum(axis=1) > 0
            assert here.sum() > 1
            sums = [dict(zip(names[here], y.sum(axis=1)[here])) for y in (usd, x)]
            first = ["planned (", "missed ("] if choice == "own plan" else ["promised (", "late or never ("]
            columns = dict(zip(first, sums)) | {"kept (": kept(usd.sum(axis=1), x.sum(axis=1))}
            yield {"figure": "heat", "choose": {"measure": choice, "scenario": label}, "columns": columns}
            some = {weeks[w]: kept(usd[:, w], x[:, w]) for w in (len(weeks) // 2, len(weeks) - 1)}
            yield {"figure": "heat", "choose": {"measure": choice, "scenario": label}, "columns": some, "whole": False}


print(json.dumps([*answer(), *time(), *flow(), *on_map(), *stop(), *why(), *lead(), *heat()]))
