// Loss by root cause over time; the causes of a plant, and its chain.
import { figure } from "./figure.js";
import { number, percent, short } from "./format.js";
import { ruleSpans } from "./time.js";

const BY = [
  { value: "cause", text: "cause" },
  { value: "rule", text: "rule" },
  { value: "kind", text: "kind of cause" },
];

export function drawWhy(parent, data, page) {
  if (data.loss) drawLoss(parent, data, page);
  if (data.plants.some((s) => s.rows.length > 0)) drawPlants(parent, data, page);
}

function scenarioControl(list, page, first) {
  if (list.length < 2) return [];
  return [
    {
      name: "scenario",
      label: "Scenario",
      options: list.map((s, i) => ({ value: i, text: page.scenarios[s.scenario].label })),
      value: first,
    },
  ];
}

function drawLoss(parent, data, page) {
  const beyond = page.scenarios.length > 1 ? " beyond the baseline" : "";
  const most = data.loss.reduce((at, s, i) => (s.total > data.loss[at].total ? i : at), 0);

  function controls() {
    return [
      ...scenarioControl(data.loss, page, most),
      { name: "by", label: "By", options: BY, value: "cause" },
    ];
  }

  function view(state, colours, width) {
    const s = data.loss[state.scenario ?? 0];
    const groups = s[state.by];
    const label = page.scenarios[s.scenario].label;
    const first = groups.reduce((a, b) => (a == null || b.total > a.total ? b : a), null);
    const last = data.months[data.months.length - 1];
    const rules = s.scenario > 0 ? ruleSpans([page.scenarios[s.scenario]], last, colours) : [];
    const narrow = width < 600;
    const cell = (i) => (i < 8 ? colours.category[i] : colours.base);
    const lines = narrow ? groups.length : Math.ceil(groups.length / (width < 900 ? 1.5 : 2.5));
    const what = `${short(s.total)} USD of final demand in all markets lost or still waiting at the end${beyond}`;
    return {
      title: !first
        ? `${label}: no loss is booked to a cause.`
        : s.total == null
          ? `${label}: no run is done both here and in the baseline.`
        : s.total > 0
          ? `${label}: ${what}; ${percent(first.share)} of it ${first.name}.`
          : `${label}: ${short(-s.total)} USD less of final demand is lost than in the baseline.`,
      note: [
        "Value, mean over runs, by the month in which customers gave up; what they still wait for at the end is in the month in which they asked for it.",
        s.lost_runs > 0 ? `The title leaves out ${s.lost_runs} runs that have no partner in the baseline; the bars have all that are done.` : "",
        groups.some((g) => g.month.some((x) => x < 0)) ? "Bars under the axis: less is lost than in the baseline." : "",
      ]
        .filter(Boolean)
        .join(" "),
      height: 300 + 20 * lines,
      option: {
        tooltip: {
          trigger: "axis",
          axisPointer: { type: "shadow" },
          order: "valueDesc",
          valueFormatter: (x) => (x === 0 || x == null ? "-" : `${short(x)} USD`),
        },
        legend: {
          bottom: 0,
          left: 0,
          orient: narrow ? "vertical" : "horizontal",
          itemGap: 6,
          textStyle: { color: colours.text, fontSize: 12, width: narrow ? width - 60 : width / 2 - 60, overflow: "truncate" },
          data: groups.map((g) => g.name),
        },
        grid: { left: 64, right: 12, top: 32, bottom: 40 + 20 * lines },
        xAxis: {
          type: "category",
          data: data.months.map((m) => m.slice(0, 7)),
          axisLabel: { color: colours.quiet },
          axisLine: { lineStyle: { color: colours.line } },
          axisTick: { show: false },
        },
        yAxis: {
          type: "value",
          name: "USD a month",
          nameTextStyle: { color: colours.quiet, align: "left" },
          axisLabel: { color: colours.quiet, formatter: short },
          splitLine: { lineStyle: { color: colours.line } },
        },
        series: groups.map((g, i) => ({
          name: g.name,
          type: "bar",
          stack: "loss",
          barCategoryGap: "15%",
          data: g.month.map((x) => x || null),
          itemStyle: { color: cell(i), borderColor: colours.back, borderWidth: 0.5 },
          markArea:
            i > 0
              ? undefined
              : {
                  silent: true,
                  label: { color: colours.text, position: "insideTopLeft", fontSize: 11, lineHeight: 13, overflow: "truncate", width: narrow ? 120 : 320 },
                  data: rules.map(([a, b]) => [{ ...a, xAxis: monthOf(a.xAxis, data) }, { xAxis: monthOf(b.xAxis, data) }]),
                },
        })),
      },
      table: {
        columns: [{ text: "month" }, ...groups.map((g) => ({ text: g.name, unit: "USD" }))],
        rows: [
          ...data.months.map((m, k) => [m.slice(0, 7), ...groups.map((g) => g.month[k])]),
          ["all", ...groups.map((g) => g.total)],
          ["share of the increases, %", ...groups.map((g) => (g.share == null ? null : 100 * g.share))],
        ],
      },
    };
  }

  figure(parent, { id: "why", controls, view });
}

function monthOf(date, data) {
  const all = data.months.map((m) => m.slice(0, 7));
  const month = date.slice(0, 7);
  return all.includes(month) ? month : month < all[0] ? all[0] : all[all.length - 1];
}

function drawPlants(parent, data, page) {
  const name = (id) => page.site[id] || id;
  const most = data.plants.reduce((at, s, i) => (sum(s) > sum(data.plants[at]) ? i : at), 0);
  const chainOf = (s, r) => data.chains.find((c) => c.scenario === s.scenario && c.site === r.site);

  function controls(state) {
    const s = data.plants[state.scenario ?? most];
    const mark = (r) => (data.chains.length > 0 && !chainOf(s, r) ? " - no chain" : "");
    const first = s.rows.findIndex((r) => chainOf(s, r));
    return [
      ...scenarioControl(data.plants, page, most),
      {
        name: "site",
        label: "Plant",
        options: s.rows.map((r) => ({ value: r.site, text: `${name(r.site)} (${r.product})${mark(r)}` })),
        value: s.rows[Math.max(0, first)]?.site,
      },
    ];
  }

  function view(state, colours, width) {
    const s = data.plants[state.scenario ?? 0];
    const r = s.rows.find((x) => x.site === state.site);
    const label = page.scenarios[s.scenario].label;
    if (!r) return { title: `${label}: no plant misses starts.`, option: {}, height: 40, table: { columns: [], rows: [] } };
    const bars = r.causes.map((c, i) => [c, r.usd[i]]);
    if (r.other > 0) bars.push(["other causes", r.other]);
    const part = (x) => (r.missed > 0 ? Math.min(1, x / r.missed) : null);
    const chain = chainOf(s, r);
    const narrow = width < 600;
    return {
      title: `${label}: ${name(r.site)} misses starts worth ${short(r.missed)} USD${page.scenarios.length > 1 ? " beyond the baseline" : ""}; ${percent(part(r.usd[0]))} of it ${r.causes[0]}.`,
      note: [
        "Starts missed on the day they were planned first, by value, mean over runs; much is made up for later. Causes that a line has among its three largest in a run.",
        chain
          ? `Below: how it came to that in run ${chain.run}, whose loss is the median one, from the plant back to the root.`
          : data.chains.length > 0
            ? "This page has no chain for this plant."
            : "The chain from a plant back to the root, in the run with the median loss: lodestone report FILE --why 5 puts it here; lodestone why FILE prints it.",
      ].join(" "),
      pre: chain?.text,
      height: 60 + 28 * bars.length,
      option: {
        tooltip: { trigger: "item", valueFormatter: (x) => `${number(x)} USD` },
        grid: { left: narrow ? 8 : 380, right: 64, top: 8, bottom: 28 },
        xAxis: {
          type: "value",
          axisLabel: { color: colours.quiet, formatter: (x) => `${short(x)}`, hideOverlap: true },
          name: "USD",
          nameTextStyle: { color: colours.quiet },
          splitLine: { lineStyle: { color: colours.line } },
        },
        yAxis: {
          type: "category",
          inverse: true,
          data: bars.map(([c]) => c),
          axisTick: { show: false },
          axisLine: { show: false },
          axisLabel: narrow
            ? { inside: true, color: colours.text, fontSize: 11, width: width - 40, overflow: "truncate" }
            : { color: colours.text, width: 368, overflow: "truncate" },
          z: 5,
        },
        series: [
          {
            type: "bar",
            data: bars.map(([, x]) => x),
            barMaxWidth: 20,
            itemStyle: { color: colours.category[0], opacity: narrow ? 0.5 : 1 },
            label: { show: !narrow, position: "right", color: colours.text, formatter: ({ value }) => percent(part(value)) },
          },
        ],
      },
      table: {
        columns: [{ text: "cause" }, { text: "missed starts", unit: "USD" }, { text: "of all", unit: "%" }],
        rows: bars.map(([c, x]) => [c, x, part(x) == null ? null : 100 * part(x)]),
      },
    };
  }

  figure(parent, { id: "why-plant", controls, view });
}

function sum(s) {
  return s.rows.reduce((a, r) => a + r.missed, 0);
}
