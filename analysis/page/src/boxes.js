// Where it goes wrong: the limits of each box, on the whole range of its factors.
import { figure, FONT } from "./figure.js";
import { number, percent, short, withUnit } from "./format.js";

// Place of a value in 0..1 of what the factor may be.
function scale(f) {
  const b = f.fine;
  const [lo, hi] = b.edge ? [b.edge[0], b.edge[b.edge.length - 1]] : [b.value[0], b.value[b.value.length - 1]];
  return (x) => (f.log ? Math.log(x / lo) / Math.log(hi / lo) : hi > lo ? (x - lo) / (hi - lo) : 0.5);
}
function ends(f) {
  const b = f.fine;
  return b.edge ? [b.edge[0], b.edge[b.edge.length - 1]].map(short) : [b.label[0], b.label[b.label.length - 1]];
}

// Limits by factor: { factor, above, below, without, p }
function rowsOf(box, data) {
  const rows = new Map();
  for (const l of box.limits) {
    const row = rows.get(l.factor) || { factor: data.factors[l.factor], above: null, below: null, without: [], p: 0 };
    if (l.side === "without") row.without.push(l.word);
    else row[l.side] = l.at;
    row.p = Math.max(row.p, l.p);
    rows.set(l.factor, row);
  }
  return [...rows.values()];
}

function said(row) {
  if (row.without.length) return `not ${row.without.join(", ")}`;
  if (row.above != null && row.below != null) return `${number(row.above)} to ${number(row.below)}`;
  return row.above != null ? `above ${number(row.above)}` : `below ${number(row.below)}`;
}

export function boxes(parent, data, chosen) {
  function controls() {
    const n = chosen().side.boxes.length;
    return n > 1 ? [{ name: "box", label: "Box", options: Array.from({ length: n }, (_, i) => ({ value: i, text: String(i + 1) })), value: 0 }] : [];
  }
  function view(state, colours, width) {
    const { view: v, side } = chosen();
    const list = side.boxes;
    const at = list.length > 1 ? state.box : 0;
    const box = list[at];
    const table = {
      columns: ["box", "factor", "above", "below", "without", "quasi-p", "density", "coverage", "mass", "points", "worse"].map((text) => ({ text })),
      rows: list.flatMap((b, i) => rowsOf(b, data).map((r) => [i + 1, r.factor.id, r.above, r.below, r.without.join(", "), r.p, b.density, b.coverage, b.mass, b.points, b.worse])),
    };
    if (!box) return { title: side.answer[0] || "Nothing is worse than elsewhere.", option: {}, height: 20, table };
    const rows = rowsOf(box, data);
    const left = Math.max(96, Math.min(220, Math.round(0.28 * width)));
    const place = (row) => {
      const to = scale(row.factor);
      if (row.without.length) return null;
      return [row.above == null ? 0 : to(row.above), row.below == null ? 1 : to(row.below)];
    };
    const colour = colours.category[1];
    return {
      title: `${v.what} ${side.good === "more" ? "below" : "above"} ${withUnit(side.threshold, v.unit)}: in box ${at + 1} ${percent(box.density)} of points are, against ${percent(side.worse / side.points)} of all; it holds ${percent(box.coverage)} of those.`,
      note: `Threshold ${short(side.threshold)}${side.usual ? `, the ${side.good === "more" ? "10" : "90"} % quantile, as none was given (--threshold)` : ""}. Box ${at + 1}: ${box.points} points, ${percent(box.mass)} of all; ${box.worse} are worse. Quasi-p: the chance of as many if that factor did not matter. Coloured: the part of a factor's range that is in the box.`,
      height: 30 + 46 * rows.length,
      option: {
        tooltip: { formatter: ({ dataIndex }) => `${rows[dataIndex].factor.id}: ${said(rows[dataIndex])}\nquasi-p ${rows[dataIndex].p.toPrecision(2)}` },
        grid: { left, right: 20, top: 8, bottom: 12 },
        xAxis: { type: "value", min: 0, max: 1, show: false },
        yAxis: { type: "category", inverse: true, data: rows.map((r) => r.factor.id), axisTick: { show: false }, axisLine: { show: false }, axisLabel: { color: colours.text, width: left - 12, overflow: "truncate" } },
        series: [
          {
            type: "custom",
            data: rows.map((_, i) => [0, 1, i]),
            encode: { x: [0, 1], y: 2 },
            renderItem(params, api) {
              const row = rows[params.dataIndex];
              const [x0, y] = api.coord([0, params.dataIndex]);
              const [x1] = api.coord([1, 0]);
              const range = place(row);
              const text = (x, dy, t, align, fill, size = 11) => ({ type: "text", x, y: y + dy, style: { text: t, fill, fontSize: size, fontFamily: FONT, align, verticalAlign: "middle" } });
              const rect = (a, b, style) => ({ type: "rect", shape: { x: a, y: y - 6, width: Math.max(1, b - a), height: 12 }, style });
              const [low, high] = ends(row.factor);
              const children = [rect(x0, x1, { fill: "transparent", stroke: colours.base, lineWidth: 1 }), text(x0, 16, low, "left", colours.quiet, 10), text(x1, 16, high, "right", colours.quiet, 10)];
              const mid = range ? (range[0] + range[1]) / 2 : 0.5;
              if (range) children.push(rect(x0 + (x1 - x0) * range[0], x0 + (x1 - x0) * range[1], { fill: colour }));
              const x = x0 + (x1 - x0) * Math.min(0.85, Math.max(0.15, mid));
              children.push(text(x, -14, said(row), "center", colours.text));
              return { type: "group", children };
            },
          },
        ],
      },
      table,
    };
  }
  return figure(parent, { id: "boxes", controls, view });
}
