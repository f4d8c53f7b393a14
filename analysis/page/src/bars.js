// Ranked horizontal bars with intervals.
//
//   bars({
//     rows: [{ name, values: [{ at, lo, hi, text }] }]   from the top; lo, hi null: no interval
//     series: [name]                                     one or two a row
//     unit, colours, width, min, max
//   }) -> { option, height }
import { FONT } from "./figure.js";
import { short } from "./format.js";

// The interval, and beyond it what the number is.
function whisker(rows, s, shift, colour) {
  return (params, api) => {
    const { at, lo, hi, text } = rows[params.dataIndex].values[s];
    const [x, y0] = api.coord([at ?? 0, params.dataIndex]);
    const y = y0 + shift;
    const style = { stroke: colour, lineWidth: 1.5 };
    const line = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style });
    const children = [];
    let end = Math.max(x, api.coord([0, 0])[0]);
    if (lo != null && hi != null) {
      const [low] = api.coord([lo, 0]);
      const [high] = api.coord([hi, 0]);
      children.push(line(low, y, high, y), line(low, y - 4, low, y + 4), line(high, y - 4, high, y + 4));
      end = Math.max(end, high);
    }
    if (text) children.push({ type: "text", x: end + 6, y, style: { text, fill: colour, fontSize: 11, verticalAlign: "middle", fontFamily: FONT } });
    return { type: "group", children };
  };
}

export function bars({ rows, series, unit, colours, width, min, max }) {
  const left = Math.max(96, Math.min(280, Math.round(0.32 * width)));
  const right = rows.some((r) => r.values.some((v) => v.text)) ? 84 : 28;
  const two = series.length > 1;
  const step = two ? 40 : 26;
  const thick = two ? 13 : 15;
  const top = two ? 72 : 44;
  const colour = (s) => colours.category[s % colours.category.length];
  const drawn = series.flatMap((name, s) => {
    const shift = two ? (s === 0 ? -8 : 8) : 0;
    return [
      {
        name,
        type: "bar",
        barWidth: thick,
        barGap: "20%",
        data: rows.map((r) => r.values[s].at ?? 0),
        itemStyle: { color: colour(s), decal: s === 1 ? { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4, color: colours.back } : undefined },
      },
      {
        name,
        type: "custom",
        silent: true,
        tooltip: { show: false },
        z: 4,
        encode: { x: [0, 1], y: 2 },
        data: rows.map(({ values }, i) => [values[s].lo ?? values[s].at, values[s].hi ?? values[s].at, i]),
        renderItem: whisker(rows, s, shift, colours.text),
      },
    ];
  });
  return {
    height: top + 12 + step * rows.length,
    option: {
      tooltip: {
        trigger: "axis",
        axisPointer: { type: "shadow" },
        formatter: (list) => {
          const row = rows[list[0].dataIndex];
          const said = row.values.map((v, s) => `${series[s]}: ${v.said ?? short(v.at)}`);
          return [row.full ?? row.name, ...said].join("\n");
        },
      },
      legend: two ? { top: 0, left: 0, textStyle: { color: colours.text }, data: series } : undefined,
      grid: { left, right, top, bottom: 8 },
      xAxis: {
        type: "value",
        position: "top",
        name: unit === "1" ? "" : unit,
        nameLocation: "middle",
        nameGap: 26,
        nameTextStyle: { color: colours.quiet },
        min,
        max,
        splitNumber: width < 600 ? 3 : 5,
        axisLabel: { color: colours.quiet, formatter: short, hideOverlap: true },
        splitLine: { lineStyle: { color: colours.line } },
      },
      yAxis: {
        type: "category",
        inverse: true,
        data: rows.map((r) => r.name),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: colours.line } },
        axisLabel: { color: colours.text, width: left - 12, overflow: "truncate", fontSize: width < 600 ? 11 : 12 },
      },
      series: drawn,
    },
  };
}
