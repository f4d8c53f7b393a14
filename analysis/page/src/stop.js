// Which plant stops when: a strip for each, as thick and dark as standing is likely.
import { figure } from "./figure.js";
import { number, percent, short } from "./format.js";

const SORTS = [
  { value: "net", text: "net value lost" },
  { value: "first", text: "first stop" },
];
const ROW = 24;
const FEW = 20; // rows, unless all are asked for
const STEPS = 5;

export function drawStop(parent, data, page) {
  const label = (s) => page.scenarios[s.scenario].label;
  const name = (id) => page.site[id] || id;
  const most = data.scenarios.reduce((a, b) => (b.stop > a.stop ? b : a));
  const ends = data.periods.slice(1).concat(after(data.periods[data.periods.length - 1], 28));

  function controls() {
    const list = [];
    if (data.scenarios.length > 1)
      list.push({
        name: "scenario",
        label: "Scenario",
        options: data.scenarios.map((s, i) => ({ value: i, text: label(s) })),
        value: data.scenarios.indexOf(most),
      });
    if (page.focus)
      list.push({
        name: "where",
        label: "Plants",
        options: [
          { value: "here", text: `in ${page.focus}` },
          { value: "elsewhere", text: "in other countries" },
        ],
        value: "here",
      });
    list.push(
      {
        name: "limit",
        label: "Output under",
        options: data.limits.map((x, i) => ({ value: i, text: `${percent(x)} of the baseline` })),
        value: 1,
      },
      { name: "sort", label: "Order by", options: SORTS, value: "net" },
    );
    if (data.scenarios.some((s) => s.rows.length > FEW))
      list.push({
        name: "rows",
        label: "Rows",
        options: [
          { value: FEW, text: String(FEW) },
          { value: 1000, text: "all" },
        ],
        value: FEW,
      });
    return list;
  }

  function rowsOf(s, state) {
    const rows = s.rows.filter((r) => !page.focus || (r.country === page.focus) === (state.where === "here"));
    const key = (r) => (r.stops[1] >= 0.5 ? "" : "x") + (r.first[1] ?? "x");
    if (state.sort === "first") rows.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
    return rows;
  }

  function finding(s, state, rows) {
    const half = rows.filter((r) => r.stops[1] >= 0.5);
    const first = half.reduce((a, b) => (a == null || b.first[1] < a.first[1] ? b : a), null);
    const where = !page.focus ? "" : state.where === "here" ? ` in ${page.focus}` : " in other countries";
    const count =
      state.where === "elsewhere"
        ? `${half.length} of the ${rows.length} plants in other countries that are shown stop`
        : `${s.stop} of ${s.plants} plants${where} stop`;
    const begin = `${label(s)}: ${count} in half of the runs or more`;
    if (!first) return `${begin}.`;
    const from = state.where === "elsewhere" ? first : rows.find((r) => r.site === s.first) || first;
    const share = from.cause_share == null ? "" : ` (${percent(from.cause_share)} of its missed starts)`;
    const cause = from.cause ? `; cause: ${from.cause}${share}` : "";
    return `${begin}, ${name(from.site)} (${from.product}) first: median ${from.first[1]}, 90 % of runs ${from.first[0]} to ${from.first[2]}${cause}.`;
  }

  function strips(rows, under, colours) {
    return {
      type: "custom",
      name: "strips",
      encode: { x: [0, 1], y: 2 },
      data: rows.flatMap((r, i) =>
        under(r).flatMap((p, k) => (p > 0 ? [{ value: [data.periods[k], ends[k], i, p] }] : [])),
      ),
      renderItem(_, api) {
        const p = api.value(3);
        const from = api.coord([api.value(0), api.value(2)]);
        const to = api.coord([api.value(1), api.value(2)]);
        const height = Math.max(2, (ROW - 6) * p);
        return {
          type: "rect",
          shape: { x: from[0], y: from[1] - height / 2, width: to[0] - from[0] + 0.5, height },
          style: { fill: colours.heat[Math.min(STEPS, 1 + Math.floor(p * STEPS))] },
        };
      },
      tooltip: {
        formatter: ({ value: [from, to, i, p] }) =>
          `${name(rows[i].site)}\n${from} to ${to}\n${percent(p)} of runs`,
      },
    };
  }

  // Range and median of the first stop, where a plant stops in half of the runs or more.
  function marks(rows, colours) {
    return {
      type: "custom",
      name: "first stop",
      z: 4,
      encode: { x: [0, 1, 2], y: 3 },
      data: rows.flatMap((r, i) => (r.stops[1] >= 0.5 ? [{ value: [...r.first, i] }] : [])),
      renderItem(_, api) {
        const [a, m, b] = [0, 1, 2].map((d) => api.coord([api.value(d), api.value(3)]));
        const line = { stroke: colours.category[0], lineWidth: 2 };
        return {
          type: "group",
          children: [
            { type: "line", shape: { x1: a[0], y1: a[1], x2: b[0], y2: b[1] }, style: line },
            {
              type: "polygon",
              shape: { points: [[m[0] - 5, m[1]], [m[0], m[1] - 6], [m[0] + 5, m[1]], [m[0], m[1] + 6]] },
              style: { fill: colours.back, ...line },
            },
          ],
        };
      },
      tooltip: {
        formatter: ({ value: [a, m, b, i] }) =>
          `${name(rows[i].site)}\nfirst stop: median ${m}\n90 % of the runs that stop: ${a} to ${b}`,
      },
    };
  }

  function view(state, colours, width) {
    const s = data.scenarios[state.scenario ?? 0];
    const all = rowsOf(s, state);
    const rows = all.slice(0, state.rows ?? FEW);
    const narrow = width < 600;
    const pieces = Array.from({ length: STEPS }, (_, i) => ({
      gte: i / STEPS,
      lt: i + 1 < STEPS ? (i + 1) / STEPS : undefined,
      color: colours.heat[i + 1],
      label: width < 760 ? `< ${(100 * (i + 1)) / STEPS}` : `${(100 * i) / STEPS} to ${(100 * (i + 1)) / STEPS} % of runs`,
    }));
    const left = all.length - rows.length;
    return {
      title: finding(s, state, all),
      note: [
        `Strips: part of the ${s.pairs} runs in which the plant makes less than ${percent(data.limits[state.limit])} of what it makes in the baseline's run of the same number, in each 28 days; thicker and darker is more often.`,
        "Diamonds and lines: median of the first stop, and 90 % of the runs that stop, of plants that stop in half of the runs or more.",
        left > 0 ? `${left} more plants are in the table.` : "",
        s.left_out > 0 ? `${s.left_out} plants that lose less are not on this page.` : "",
      ]
        .filter(Boolean)
        .join(" "),
      height: 70 + ROW * Math.max(rows.length, 3),
      option: {
        tooltip: { trigger: "item" },
        grid: { left: narrow ? 128 : 300, right: 16, top: 8, bottom: 60 },
        xAxis: {
          type: "time",
          min: data.periods[0],
          max: ends[ends.length - 1],
          axisLabel: { color: colours.quiet, hideOverlap: true },
          axisLine: { lineStyle: { color: colours.line } },
          splitLine: { show: true, lineStyle: { color: colours.line } },
        },
        yAxis: {
          type: "category",
          inverse: true,
          data: rows.map((r) => (narrow ? "" : r.country === page.focus ? "" : `${r.country}: `) + name(r.site) + (narrow ? "" : ` (${r.product})`)),
          axisTick: { show: false },
          axisLine: { show: false },
          axisLabel: { color: colours.text, width: narrow ? 118 : 288, overflow: "truncate", interval: 0, fontSize: narrow ? 11 : 12 },
        },
        visualMap: {
          type: "piecewise",
          seriesIndex: 0,
          dimension: 3,
          orient: "horizontal",
          left: "center",
          bottom: 0,
          itemGap: narrow ? 4 : 10,
          itemWidth: narrow ? 14 : 20,
          textStyle: { color: colours.text, fontSize: narrow ? 10 : 12 },
          pieces,
        },
        series: [strips(rows, (r) => r.under[state.limit], colours), marks(rows, colours)],
      },
      table: {
        columns: [
          { text: "plant" },
          { text: "product" },
          { text: "country" },
          { text: "runs that stop" },
          { text: "share", unit: "%" },
          { text: "from", unit: "%" },
          { text: "to", unit: "%" },
          { text: "first stop, median" },
          { text: "5 %" },
          { text: "95 %" },
          { text: "days stopped", unit: "d" },
          { text: "longest stop", unit: "d" },
          { text: "net value lost", unit: "USD" },
          { text: "main cause" },
          { text: "of its missed starts", unit: "%" },
        ],
        rows: all.map((r) => [
          name(r.site),
          r.product,
          r.country,
          `${number(r.stops[0])} of ${s.pairs}`,
          ...r.stops.slice(1).map((x) => (x == null ? null : 100 * x)),
          r.first[1],
          r.first[0],
          r.first[2],
          r.days,
          r.longest,
          r.net,
          r.cause,
          r.cause_share == null ? null : 100 * r.cause_share,
        ]),
      },
    };
  }

  figure(parent, { id: "stop", controls, view });
}

function after(date, days) {
  return new Date(Date.parse(date) + 864e5 * days).toISOString().slice(0, 10);
}
