// Who keeps its plan: firm x week.
import { figure } from "./figure.js";
import { number, short, unpack } from "./format.js";

const MOST = 40;
const MEASURES = [
  { value: "plan", text: "own plan", of: 0, missed: "misses", what: "of its plan", keeps: "it keeps", none: "planned", note: "Kept: 1 - missed / planned, by value; planned are starts (of customers: demand) when they are planned first." },
  { value: "orders", text: "what it ordered, on time", of: 3, missed: "gets too late, or never,", what: "of what it ordered", keeps: "on time come", none: "due", note: "On time: what arrives by the promised day / what was promised for the week, by value." },
];
// From what share (per cent) on; the palest first.
const CLASSES = [
  { from: 99, text: "99 % or more", few: "99 % on" },
  { from: 90, text: "90 to 99 %", few: "90" },
  { from: 75, text: "75 to 90 %", few: "75" },
  { from: 50, text: "50 to 75 %", few: "50" },
  { from: 25, text: "25 to 50 %", few: "25" },
  { from: -Infinity, text: "below 25 %", few: "0" },
];

function unique(list) {
  return [...new Set(list)].filter(Boolean).sort();
}

export function drawHeat(parent, data, page) {
  const rows = data.rows.map(({ text: [firm, country, stage], plan, orders, ...sums }) => ({ firm, country, stage, ...sums, plan: plan.map(unpack), orders: orders.map(unpack) }));
  const full = (r) => `${r.firm} (${[r.country, r.stage].filter(Boolean).join(", ")})`;
  const nameOf = (r) => (r.sites > 1 ? `${r.firm}, ${r.country} ${r.stage}` : r.firm);
  const missed = (r, s, m) => r.sums[s][m.of + 1] ?? 0;
  const all = (s) => rows.reduce((a, r) => a + missed(r, s, MEASURES[0]), 0);
  const worst = page.scenarios.map((_, s) => s).sort((a, b) => all(b) - all(a))[0];
  const choice = (name, label, list) => ({ name, label, options: [{ value: "", text: "all" }, ...list.map((x) => ({ value: x, text: x }))], value: "" });

  function controls(state) {
    const countries = unique(rows.map((r) => r.country));
    const stages = unique(rows.filter((r) => !state.country || r.country === state.country).map((r) => r.stage));
    return [
      { name: "measure", label: "Show", options: MEASURES, value: "plan" },
      ...(page.scenarios.length > 1 ? [{ name: "scenario", label: "Scenario", options: page.scenarios.map((s, i) => ({ value: i, text: s.label })), value: worst }] : []),
      ...(countries.length > 1 ? [choice("country", "Country", countries)] : []),
      ...(stages.length > 1 ? [choice("stage", "Stage", stages)] : []),
    ];
  }

  function view(state, colours, width) {
    const m = MEASURES.find((x) => x.value === state.measure);
    const s = state.scenario ?? 0;
    const list = rows
      .filter((r) => (!state.country || r.country === state.country) && (!state.stage || r.stage === state.stage) && r.sums[s][m.of] > 0)
      .sort((a, b) => missed(b, s, m) - missed(a, s, m));
    const shown = list.slice(0, MOST);
    const weeks = page.week;
    const label = page.scenarios[s].label;
    const cells = shown.flatMap((r, i) => r[m.value][s].map((x, w) => [w, i, x]).filter(([, , x]) => x != null));
    const first = shown[0];
    const least = first && Math.min(...first[m.value][s].filter((x) => x != null));
    const at = first && first[m.value][s].indexOf(least);
    const phone = width < 600;
    const left = Math.max(96, Math.min(240, Math.round(0.26 * width)));
    const rules = page.scenarios[s].rules.filter((r) => r.from && r.from >= weeks[0] && r.from <= weeks[weeks.length - 1]);
    const weekOf = (day) => weeks.filter((w) => w <= day).length - 1;
    const marks = [...new Set(rules.map((r) => weekOf(r.from)))];
    const hidden = list.length - shown.length;
    return {
      title: !first
        ? `${label}: no firm here has anything ${m.none}.`
        : missed(first, s, m) < 1
          ? `${label}: no firm here ${m.missed} anything ${m.what}.`
          : `${label}: ${full(first)} ${m.missed} ${short(missed(first, s, m))} USD ${m.what}, more than any other here; ${m.keeps} ${Math.round(first.sums[s][m.of + 2])} %, and ${Math.round(least)} % in the week of ${weeks[at]}.`,
      note: [
        m.note,
        `Blank: nothing ${m.none}.`,
        marks.length ? `Dashed: a rule begins (${unique(rules.map((r) => `${r.from}: ${r.name}`)).join("; ")}).` : "",
        hidden > 0 ? `${hidden} more of these firms are in the table.` : "",
        data.left_out > 0 ? `${data.left_out} firms that miss less are not on this page; the file of results has all sites.` : "",
      ]
        .filter(Boolean)
        .join(" "),
      height: 80 + 16 * Math.max(1, shown.length),
      option: {
        tooltip: { formatter: ({ data: d }) => (d.name ? d.name : `${full(shown[d[1]])}\nweek of ${weeks[d[0]]}\n${number(d[2])} % ${m.value === "plan" ? "of the plan is kept" : "on time"}`) },
        grid: { left, right: 8, top: 44, bottom: 24 },
        xAxis: {
          type: "category",
          data: weeks,
          axisTick: { show: false },
          axisLine: { lineStyle: { color: colours.line } },
          axisLabel: { color: colours.quiet, interval: (i) => i % (phone ? 26 : 13) === 0, formatter: (d) => d.slice(0, 7) },
        },
        yAxis: {
          type: "category",
          inverse: true,
          data: shown.map(nameOf),
          axisTick: { show: false },
          axisLine: { lineStyle: { color: colours.line } },
          axisLabel: { interval: 0, color: colours.text, fontSize: 11, width: left - 10, overflow: "truncate" },
        },
        visualMap: {
          type: "piecewise",
          dimension: 2,
          orient: "horizontal",
          inverse: true,
          left: 0,
          top: 0,
          itemWidth: 14,
          itemHeight: 12,
          itemGap: phone ? 6 : 12,
          textGap: 4,
          textStyle: { color: colours.text, fontSize: 11 },
          hoverLink: false,
          selectedMode: false,
          pieces: CLASSES.map((c, i) => ({ gte: c.from === -Infinity ? -1e9 : c.from, lt: i === 0 ? 1e9 : CLASSES[i - 1].from, label: phone ? c.few : c.text, color: colours.heat[i] })),
        },
        series: [
          {
            type: "heatmap",
            data: cells,
            itemStyle: { borderColor: colours.back, borderWidth: phone ? 0 : 0.5 },
            emphasis: { itemStyle: { borderColor: colours.text, borderWidth: 1 } },
            markLine: {
              silent: true,
              symbol: "none",
              label: { show: false },
              lineStyle: { color: colours.text, type: "dashed", width: 1, opacity: 0.7 },
              data: marks.map((w) => ({ xAxis: w })),
            },
          },
        ],
      },
      table: {
        columns: [
          { text: "firm" },
          { text: "country" },
          { text: "stage" },
          { text: "sites" },
          { text: m.value === "plan" ? "planned" : "promised", unit: "USD" },
          { text: m.value === "plan" ? "missed" : "late or never", unit: "USD" },
          { text: "kept", unit: "%" },
          ...weeks.map((w) => ({ text: w, unit: "%" })),
        ],
        rows: list.map((r) => [r.firm, r.country, r.stage, r.sites, ...r.sums[s].slice(m.of, m.of + 3), ...r[m.value][s]]),
      },
    };
  }

  figure(parent, { id: "heat", controls, view });
}
