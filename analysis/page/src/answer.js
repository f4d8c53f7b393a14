// The loss of every run, scenario by scenario.
import { figure } from "./figure.js";
import { number, short } from "./format.js";

// Places runs of nearly the same loss beside each other, so that each can be seen.
function heap(runs, low, high) {
  const seen = new Map();
  return runs.map((x) => {
    const bin = Math.round(((x - low) / (high - low || 1)) * 120);
    const k = seen.get(bin) ?? 0;
    seen.set(bin, k + 1);
    return (k % 2 ? 1 : -1) * Math.ceil(k / 2);
  });
}

export function drawAnswer(parent, data, page) {
  const losses = data.losses.filter((l) => l.mean_lo_hi_p05_p50_p95[0] != null);
  if (losses.length === 0) return;
  const all = losses.flatMap((l) => l.runs).filter((x) => x != null);
  const low = Math.min(0, ...all);
  const high = Math.max(...all);

  function view(_, colours) {
    const labels = losses.map((l) => l.label);
    const colour = (i) => colours.category[page.scenarios.findIndex((s) => s.label === labels[i]) - 1] || colours.category[i];
    const dots = losses.flatMap((l, i) => {
      const place = heap(l.runs.map((x) => x ?? 0), low, high);
      return l.runs.map((x, r) => (x == null ? null : [x, i, place[r], r])).filter(Boolean);
    });
    const most = losses.reduce((a, b) => (b.mean_lo_hi_p05_p50_p95[0] > a.mean_lo_hi_p05_p50_p95[0] ? b : a));
    const [mean, lo, hi] = most.mean_lo_hi_p05_p50_p95;
    return {
      title:
        `Final demand lost or waiting in ${data.where}, beyond the baseline: ${mean > 0 ? `most in ${most.label}, ` : `none, at most in ${most.label}: `}` +
        `${short(mean)} USD${lo == null ? "" : ` (${short(lo)} to ${short(hi)})`}.`,
      note: "Each dot is a run. Bar: 90 % of the runs; dark mark: interval of the mean.",
      height: 90 + 70 * losses.length,
      option: {
        tooltip: { formatter: (d) => `${labels[d.value[1]]}\nrun ${data.run[d.value[3]]}: ${number(d.value[0])} USD` },
        grid: { left: 12, right: 24, top: 12, bottom: 44, containLabel: true },
        xAxis: {
          type: "value",
          min: low < 0 ? undefined : 0,
          name: "USD",
          nameLocation: "middle",
          nameGap: 28,
          nameTextStyle: { color: colours.quiet },
          axisLabel: { color: colours.quiet, formatter: short },
          splitLine: { lineStyle: { color: colours.line } },
        },
        yAxis: {
          type: "category",
          data: labels,
          inverse: true,
          axisLabel: { color: colours.text, width: 150, overflow: "break" },
          axisLine: { show: false },
          axisTick: { show: false },
        },
        series: [
          {
            type: "custom",
            silent: true,
            data: losses.map((_, i) => [i]),
            renderItem(_, api) {
              const i = api.value(0);
              const [, from, to, p05, , p95] = losses[i].mean_lo_hi_p05_p50_p95;
              const at = (x) => api.coord([x, i]);
              const bar = (a, b, half, opacity) => ({
                type: "rect",
                shape: { x: at(a)[0], y: at(a)[1] - half, width: Math.max(2, at(b)[0] - at(a)[0]), height: 2 * half },
                style: { fill: colour(i), opacity },
              });
              return { type: "group", children: [bar(p05, p95, 20, 0.18), ...(from == null || to == null ? [] : [bar(from, to, 24, 0.55)])] };
            },
          },
          {
            type: "custom",
            data: dots,
            encode: { x: 0, y: 1 },
            renderItem(_, api) {
              const [x, y] = api.coord([api.value(0), api.value(1)]);
              return {
                type: "circle",
                shape: { cx: x, cy: y + Math.max(-26, Math.min(26, 3 * api.value(2))), r: 2.2 },
                style: { fill: colour(api.value(1)) },
              };
            },
          },
        ],
      },
      table: {
        columns: [
          { text: "scenario" },
          ...["mean", "interval from", "interval to", "5 % of runs under", "median", "5 % of runs over"].map((text) => ({ text, unit: "USD" })),
        ],
        rows: losses.map((l) => [l.label, ...l.mean_lo_hi_p05_p50_p95]),
      },
    };
  }
  figure(parent, { id: "answer", view });
}
