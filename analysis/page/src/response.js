// How an output answers to one factor, and to two.
import { figure } from "./figure.js";
import { number, short, unitOf, withUnit } from "./format.js";
import { ink } from "./theme.js";

const band = (b, i) => (b.edge ? `${number(b.edge[i])} to ${number(b.edge[i + 1])}` : b.label[i]);
// The same in a table: from and to, or the value.
const bandColumns = (f, b) => (b.edge ? [{ text: `${f.id} from` }, { text: `${f.id} to` }] : [{ text: f.id }]);
const bandCells = (f, b, i) => (b.edge ? [b.edge[i], b.edge[i + 1]] : [words(f) ? b.label[i] : b.value[i]]);
// Are the values texts?
const words = (f) => !f.fine.edge && f.fine.label.some((l) => !Number.isFinite(Number(l)));

function where(data, fs) {
  if (data.n_lever < 2) return "";
  return fs.some((f) => f.lever) ? " Over all points of the levers." : ` Levers: ${data.lever}.`;
}

function span(list) {
  const there = list.filter((x) => x != null);
  return [Math.min(...there), Math.max(...there)];
}

function trend(parent, data, chosen) {
  function controls() {
    const top = chosen().view.ranking.map((r) => data.factors.findIndex((f) => f.id === r.name)).find((i) => i >= 0) ?? 0;
    return data.factors.length > 1 ? [{ name: "factor", label: "Factor", options: data.factors.map((f, i) => ({ value: i, text: f.id })), value: top }] : [];
  }
  function view(state, colours, width) {
    const { view: v } = chosen();
    const at = data.factors.length > 1 ? state.factor : 0;
    const f = data.factors[at];
    const bins = f.fine;
    const [mean, low, high, n] = v.trend[at];
    const text = words(f);
    const place = (i) => (text ? i : bins.value[i]);
    const points = f.lever ? data.all[at].map((x, i) => [x, v.all[i]]) : data.here[at].map((x, i) => [x, v.here[i]]);
    const seen = points.filter(([, y]) => y != null);
    const drawn = mean.map((_, i) => i).filter((i) => n[i] > 0);
    const [least, most] = span(mean);
    const lowest = mean.indexOf(least);
    const highest = mean.indexOf(most);
    const total = n.reduce((a, x) => a + x, 0);
    const edges = bins.edge ? [bins.edge[0], bins.edge[bins.edge.length - 1]] : [undefined, undefined];
    const line = (name, of, type, w) => ({
      name,
      type: "line",
      showSymbol: name === "mean",
      symbolSize: 6,
      z: 4,
      data: drawn.map((i) => [place(i), of[i]]),
      lineStyle: { color: colours.category[1], width: w, type },
      itemStyle: { color: colours.category[1] },
    });
    const axis = { nameLocation: "middle", nameTextStyle: { color: colours.quiet }, axisLabel: { color: colours.quiet }, axisLine: { onZero: false, lineStyle: { color: colours.line } } };
    return {
      title:
        drawn.length === 0
          ? `${v.what} by ${f.id}: no point is done.`
          : `${v.what} by ${f.id}: its mean goes from ${short(least)} (${f.id} ${band(bins, lowest)}) to ${withUnit(most, v.unit)} (${band(bins, highest)}).`,
      note: `${seen.length < total ? `${number(seen.length)} of ${number(total)} points are drawn, chosen by lot with the sweep's seed; means and quantiles are of all.` : `${number(total)} points.`}${where(data, [f])}`,
      height: 380,
      option: {
        tooltip: { trigger: "axis", valueFormatter: (y) => (y == null ? "-" : `${number(y)}${v.unit === "1" ? "" : ` ${v.unit}`}`), axisPointer: { type: "line" } },
        legend: { top: 0, textStyle: { color: colours.text }, data: ["points", "mean", "10 and 90 % of points"] },
        grid: { left: 64, right: 20, top: 44, bottom: 48 },
        xAxis: text
          ? { type: "category", data: bins.label, name: f.id, nameGap: 28, ...axis }
          : { type: f.log ? "log" : "value", name: f.id, nameGap: 28, min: edges[0] ?? "dataMin", max: edges[1] ?? "dataMax", ...axis, axisLabel: { ...axis.axisLabel, formatter: short, hideOverlap: true }, splitLine: { show: false } },
        yAxis: { type: "value", scale: true, name: unitOf(v.unit), axisLine: { onZero: false }, nameTextStyle: { color: colours.quiet, align: "left" }, axisLabel: { color: colours.quiet, formatter: short }, splitLine: { lineStyle: { color: colours.line } } },
        series: [
          { name: "points", type: "scatter", silent: true, tooltip: { show: false }, symbolSize: width < 600 ? 3 : 4, data: seen, itemStyle: { color: colours.category[0], opacity: seen.length > 300 ? 0.35 : 0.7 } },
          line("mean", mean, "solid", 2.5),
          line("10 and 90 % of points", low, "dashed", 1.5),
          { ...line("10 and 90 % of points", high, "dashed", 1.5) },
        ],
      },
      table: {
        columns: [...bandColumns(f, bins), ...["mean", "10 % of points below", "90 % of points below"].map((text) => ({ text, unit: unitOf(v.unit) })), { text: "points" }],
        rows: mean.map((m, i) => [...bandCells(f, bins, i), m, low[i], high[i], n[i]]),
      },
    };
  }
  return figure(parent, { id: "trend", controls, view });
}

function surface(parent, data, chosen) {
  const crossed = (v) => [...new Set(v.surface.flatMap((s) => [s.x, s.y]))];
  const options = (list) => list.map((i) => ({ value: i, text: data.factors[i].id }));
  function controls(state) {
    const list = crossed(chosen().view);
    const across = list.includes(state.across) ? state.across : list[0];
    const others = list.filter((i) => i !== across);
    return [
      { name: "across", label: "Across", options: options(list), value: list[0] },
      { name: "up", label: "Up", options: options(others), value: others[0] },
    ];
  }
  function view(state, colours, width) {
    const { view: v } = chosen();
    const s = v.surface.find((q) => (q.x === state.across && q.y === state.up) || (q.y === state.across && q.x === state.up));
    const turned = s.x !== state.across;
    const [fx, fy] = [data.factors[state.across], data.factors[state.up]];
    const [bx, by] = [fx.coarse, fy.coarse];
    const [nx, ny] = [bx.value.length, by.value.length];
    const index = (i, j) => (turned ? i * ny + j : j * nx + i);
    const cells = [];
    for (let j = 0; j < ny; j++) for (let i = 0; i < nx; i++) cells.push({ i, j, mean: s.mean[index(i, j)], n: s.n[index(i, j)] });
    const full = cells.filter((c) => c.mean != null);
    const [least, most] = span(full.map((c) => c.mean));
    const worst = full.find((c) => c.mean === most);
    const best = full.find((c) => c.mean === least);
    const same = (c) => full.filter((q) => q.mean === c.mean).length;
    const at = (c) => (same(c) > 1 ? `in ${same(c)} cells` : `at ${spot(c)}`);
    const spot = (c) => `${fx.id} ${band(bx, c.i)}, ${fy.id} ${band(by, c.j)}`;
    const numbers = (width - 150) / nx > 44;
    const label = (b) => b.value.map((x, i) => (b.edge ? short(x) : b.label[i]));
    const few = full.filter((c) => c.n < 5).length;
    return {
      title: full.length === 0 ? `${v.what} by ${fx.id} and ${fy.id}: no point is done.` : `${v.what} is highest, ${withUnit(most, v.unit)}, ${at(worst)}; lowest, ${short(least)}, ${at(best)}.`,
      note: `Means of ${number(full.reduce((a, c) => a + c.n, 0))} points; blank: no point there (${cells.length - full.length} of ${cells.length} cells).${few ? ` ${few} cells have fewer than 5 points.` : ""}${where(data, [fx, fy])}`,
      height: Math.min(560, 130 + 30 * ny),
      option: {
        tooltip: { formatter: ({ data: d }) => `${spot(d.cell)}\nmean ${number(d.cell.mean)}${v.unit === "1" ? "" : ` ${v.unit}`}\n${d.cell.n} point${d.cell.n === 1 ? "" : "s"}` },
        grid: { left: 76, right: width < 600 ? 16 : 96, top: 12, bottom: width < 600 ? 104 : 56 },
        xAxis: { type: "category", data: label(bx), name: fx.id, nameLocation: "middle", nameGap: 28, nameTextStyle: { color: colours.quiet }, axisLabel: { color: colours.quiet, hideOverlap: true }, axisLine: { lineStyle: { color: colours.line } }, splitArea: { show: false } },
        yAxis: { type: "category", data: label(by), name: fy.id, nameLocation: "middle", nameGap: 56, nameTextStyle: { color: colours.quiet }, axisLabel: { color: colours.quiet }, axisLine: { lineStyle: { color: colours.line } } },
        visualMap: {
          type: "continuous",
          min: full.length ? least : 0,
          max: full.length ? (most > least ? most : least + 1) : 1,
          dimension: 2,
          calculable: false,
          inRange: { color: colours.heat },
          text: [short(most), short(least)],
          textStyle: { color: colours.text },
          itemHeight: 120,
          ...(width < 600 ? { orient: "horizontal", left: "center", bottom: 4 } : { orient: "vertical", right: 8, top: "middle" }),
        },
        series: [
          {
            type: "heatmap",
            data: full.map((c) => ({
              value: [c.i, c.j, c.mean],
              cell: c,
              label: { show: numbers, color: ink(colours, (c.mean - least) / (most - least || 1)) },
            })),
            label: { fontSize: 11, formatter: ({ data: d }) => short(d.cell.mean) },
            itemStyle: { borderColor: colours.back, borderWidth: 1 },
            emphasis: { itemStyle: { borderColor: colours.text } },
          },
        ],
      },
      table: {
        columns: [...bandColumns(fx, bx), ...bandColumns(fy, by), { text: "mean", unit: unitOf(v.unit) }, { text: "points" }],
        rows: cells.map((c) => [...bandCells(fx, bx, c.i), ...bandCells(fy, by, c.j), c.mean, c.n]),
      },
    };
  }
  return figure(parent, { id: "surface", controls, view });
}

export function response(parent, data, chosen) {
  const list = [trend(parent, data, chosen)];
  if (chosen().view.surface.length > 0) list.push(surface(parent, data, chosen));
  return list;
}
