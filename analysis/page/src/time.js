// Fans over time.
import { figure } from "./figure.js";
import { number, percent, short, unpack } from "./format.js";

const MEASURES = {
  output: { text: "Output", what: "Output" },
  cover: { text: "Stock cover", what: "Days of cover" },
  exports: { text: "Exports", what: "Exports" },
  waiting: { text: "Licences waiting", what: "Applications undecided" },
  price: { text: "Spot prices", what: "Spot price" },
};
const ALL = "all, by value";
const MEDIAN = 3;
const BANDS = [
  [0, 6, 0.14],
  [1, 5, 0.2],
  [2, 4, 0.3],
];

function unique(list) {
  return [...new Set(list)];
}

// A band is a polygon: the upper line there, the lower one back.
function band(name, days, low, high, colour, opacity) {
  return {
    name,
    type: "custom",
    silent: true,
    itemStyle: { color: colour },
    tooltip: { show: false },
    data: [[days[0], low[0]]],
    clip: true,
    z: 1,
    renderItem(_, api) {
      const there = days.map((d, i) => api.coord([d, high[i]]));
      const back = days.map((d, i) => api.coord([d, low[i]])).reverse();
      return {
        type: "polygon",
        shape: { points: [...there, ...back] },
        style: { fill: colour, opacity },
      };
    },
  };
}

// The least of 1, 1.5, 2, 3, 4, 5, 6, 8 x 10^k that is not less.
function nice(x) {
  if (!(x > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(x));
  return power * [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((f) => f * power >= x * 0.9999);
}

// Rules that scenarios add, as marked spans: of those with the same days one, that names them all.
export function ruleSpans(scenarios, last, colours) {
  const spans = new Map();
  for (const r of scenarios.flatMap((s) => s.rules)) {
    if (!r.from || r.from > last) continue;
    const until = r.until && r.until < last ? r.until : last;
    const key = `${r.from} ${until}`;
    const span = spans.get(key) ?? { from: r.from, until, names: [] };
    if (!span.names.includes(r.name)) span.names.push(r.name);
    spans.set(key, span);
  }
  let above = 0;
  return [...spans.values()].map(({ from, until, names }) => {
    const offset = [0, 13 * above];
    above += names.length;
    return [
      { xAxis: from, name: names.join("\n"), itemStyle: { color: colours.rule }, label: { offset } },
      { xAxis: until },
    ];
  });
}

export function drawTime(parent, data, page) {
  const series = data.series.map((s) => ({ ...s, fans: s.fans.map((fan) => fan.map(unpack)) }));
  const of = (state) => series.filter((s) => s.measure === state.measure);
  const nameOf = (id) => (id === "" ? ALL : page.product[id] ? `${page.product[id]} (${id})` : id);

  function controls(state) {
    const measures = unique(series.map((s) => s.measure));
    const list = [
      {
        name: "measure",
        label: "Show",
        options: measures.map((m) => ({ value: m, text: MEASURES[m].text })),
        value: measures[0],
      },
    ];
    const measure = measures.includes(state.measure) ? state.measure : measures[0];
    const rows = series.filter((s) => s.measure === measure);
    const countries = unique(rows.map((s) => s.country)).sort();
    const home = countries.includes(page.focus) ? page.focus : countries[0];
    if (countries.length > 1)
      list.push({
        name: "country",
        label: "Country",
        options: countries.map((c) => ({ value: c, text: c })),
        value: home,
      });
    const country = countries.length === 1 ? countries[0] : countries.includes(state.country) ? state.country : home;
    const inCountry = rows.filter((s) => s.country === country);
    const stages = unique(inCountry.map((s) => s.stage));
    list.push({
      name: "stage",
      label: measure === "exports" ? `From ${country} to` : measure === "waiting" ? "Office" : measure === "price" ? "Price" : "Stage",
      options: stages.map((t) => ({ value: t, text: t })),
      value: stages[0],
    });
    const stage = stages.includes(state.stage) ? state.stage : stages[0];
    const products = inCountry.filter((s) => s.stage === stage).map((s) => s.product);
    if (products.length > 1)
      list.push({
        name: "product",
        label: "Product",
        options: products.map((id) => ({ value: id, text: nameOf(id) })),
        value: products[0],
      });
    list.push({
      name: "scenarios",
      label: "Scenarios",
      checks: page.scenarios.map((s, i) => ({ value: i, text: s.label })),
      value: page.scenarios.map((_, i) => i),
    });
    return list;
  }

  function find(state) {
    const rows = of(state);
    const country = rows.some((s) => s.country === state.country) ? state.country : rows[0].country;
    const here = rows.filter((s) => s.country === country && s.stage === state.stage);
    return here.find((s) => s.product === state.product) || here[0];
  }

  // The deepest fall of a median below the baseline's, of any scenario shown; or that there is none.
  function finding(s, shown) {
    const where = [s.country, s.stage, s.product && nameOf(s.product)].filter(Boolean).join(", ");
    const what = `${MEASURES[s.measure].what}, ${where}`;
    const there = shown.filter((i) => s.fans[i][MEDIAN].some((x) => x != null));
    const others = there.filter((i) => i > 0);
    if (there.length === 0) return `${what}: no run is done.`;
    if (["output", "exports", "cover"].includes(s.measure) && there.includes(0) && others.length > 0) {
      const base = s.fans[0][MEDIAN];
      const ratios = others.flatMap((i) =>
        s.fans[i][MEDIAN].map((x, t) => ({ i, t, ratio: x != null && base[t] > 0 ? x / base[t] : null })).filter((r) => r.ratio != null),
      );
      if (ratios.length === 0) return `${what}.`;
      const least = ratios.reduce((a, r) => (r.ratio < a.ratio ? r : a));
      const most = ratios.reduce((a, r) => (r.ratio > a.ratio ? r : a));
      const tell = (r, word) =>
        `${what}: in ${page.scenarios[r.i].label} the median ${word} ${percent(r.ratio)} of the baseline's in the ${s.step} of ${s.days[r.t]}.`;
      if (least.ratio < 0.95) return tell(least, "falls to");
      return most.ratio > 1.05 ? tell(most, "rises to") : `${what}: no scenario moves the median by more than 5 % in a ${s.step}.`;
    }
    const top = there
      .map((i) => ({ i, max: Math.max(...s.fans[i][MEDIAN].map((x) => x ?? -Infinity)) }))
      .sort((a, b) => b.max - a.max)[0];
    return `${what}: the highest median is ${short(top.max)} ${s.unit}, in ${page.scenarios[top.i].label}.`;
  }

  function view(state, colours) {
    const found = find(state);
    const weekly = found.fans[0][0].length === page.week.length;
    const s = { ...found, days: weekly ? page.week : page.month, step: weekly ? "week" : "month" };
    const shown = state.scenarios;
    const colour = (i) => (i === 0 ? colours.base : colours.category[(i - 1) % colours.category.length]);
    const last = s.days[s.days.length - 1];
    const unit = s.measure === "output" || s.measure === "exports" ? `${s.unit} a ${s.step}` : s.unit;
    const rules = ruleSpans(shown.filter((i) => i > 0).map((i) => page.scenarios[i]), last, colours);
    const drawn = shown.flatMap((i) => {
      const name = page.scenarios[i].label;
      const fan = s.fans[i];
      if (fan[MEDIAN].every((x) => x == null)) return [];
      return [
        {
          name,
          type: "line",
          showSymbol: false,
          z: 3,
          data: s.days.map((d, t) => [d, fan[MEDIAN][t]]),
          lineStyle: { color: colour(i), width: 2, type: ["dashed", "solid", "solid", "dotted", "dashed"][i % 5] },
          itemStyle: { color: colour(i) },
        },
        ...(i === 0 ? BANDS.slice(0, 1) : BANDS).map(([lo, hi, o]) => band(name, s.days, fan[lo], fan[hi], colour(i), o)),
      ];
    });
    if (drawn.length > 0)
      drawn[0].markArea = {
        silent: true,
        label: { color: colours.text, position: "insideTopLeft", fontSize: 11, lineHeight: 13, overflow: "truncate", width: 220 },
        data: rules,
      };
    const top = Math.max(...shown.flatMap((i) => s.fans[i][BANDS[0][1]].map((x) => x ?? 0)));
    return {
      title: finding(s, shown),
      note:
        data.left_out > 0
          ? `${data.left_out} series of less value are not on this page; the file of results has them all.`
          : null,
      height: 420,
      option: {
        aria: { enabled: false },
        tooltip: {
          trigger: "axis",
          valueFormatter: (x) => (x == null ? "-" : `${number(x)} ${unit}`),
        },
        legend: { top: 0, itemStyle: { opacity: 0 }, textStyle: { color: colours.text }, data: shown.map((i) => page.scenarios[i].label) },
        grid: { left: 64, right: 16, top: 56, bottom: 32 },
        xAxis: { type: "time", min: s.days[0], max: last, axisLabel: { color: colours.quiet, hideOverlap: true }, axisLine: { lineStyle: { color: colours.line } } },
        yAxis: {
          type: "value",
          min: 0,
          max: ({ max }) => nice(Math.max(max, top)),
          name: unit,
          nameTextStyle: { color: colours.quiet, align: "left" },
          axisLabel: { color: colours.quiet, formatter: short },
          splitLine: { lineStyle: { color: colours.line } },
        },
        series: drawn,
      },
      table: {
        columns: [
          { text: s.step },
          ...shown.flatMap((i) => data.quantiles.map((q) => ({ text: `${page.scenarios[i].label}, ${percent(q, q * 100 === Math.round(q * 100) ? 0 : 1)} quantile`, unit }))),
        ],
        rows: s.days.map((d, t) => [d, ...shown.flatMap((i) => s.fans[i].map((line) => line[t]))]),
      },
    };
  }

  figure(parent, { id: "time", controls, view });
}
