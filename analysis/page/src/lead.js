// How long goods take: share arrived by days since the order, or medians by quarter of the order.
import { figure } from "./figure.js";
import { number, percent } from "./format.js";
import { ruleSpans } from "./time.js";

const DASHES = ["dashed", "solid", "solid", "dotted", "dashed"];
const SIGNS = ["circle", "diamond", "rect", "triangle", "roundRect"];

export function drawLead(parent, data, page) {
  const labels = page.scenarios.map((s) => s.label);
  const name = (id) => (page.product[id] ? `${page.product[id]} (${id})` : id);
  const flowName = (f) => `${name(f.product)}, ${f.from} to ${f.to}`;
  const daysOf = (o, k) => (o.days[k] == null ? "-" : `${o.over[k] ? "> " : ""}${number(o.days[k])}`);

  function controls() {
    return [
      {
        name: "flow",
        label: "Goods",
        options: data.flows.map((f, i) => ({ value: i, text: flowName(f) })),
        value: data.flow,
      },
      {
        name: "show",
        label: "Show",
        options: [
          { value: "curve", text: "share arrived, by days since the order" },
          { value: "quarters", text: "median days, by quarter of the order" },
        ],
        value: "curve",
      },
      {
        name: "span",
        label: "Ordered in",
        options: data.spans.map((text, i) => ({ value: i, text })),
        value: data.span,
      },
      {
        name: "scenarios",
        label: "Scenarios",
        checks: labels.map((text, i) => ({ value: i, text })),
        value: labels.map((_, i) => i),
      },
    ];
  }

  // Of the shown scenarios that with the largest median beyond the baseline's, and where nothing arrives.
  function finding(f, state) {
    const now = f.spans[state.span];
    const base = now[0];
    const others = state.scenarios.filter((i) => i > 0);
    const longest = others
      .filter((i) => now[i].days[0] != null && base.days[0] != null)
      .sort((a, b) => now[b].days[0] - now[a].days[0])[0];
    const when = state.span < data.quarters ? data.spans[state.span] : data.spans[state.span].replace(/^all/, "any of all");
    const promised = f.promised[longest ?? 0];
    const begin = `${flowName(f)}: ordered in ${when} it takes`;
    const said = promised == null ? "" : `; ${number(promised)} were promised`;
    const never = others.filter((i) => now[i].days[0] == null && now[i].ordered > 0);
    const none = never.length > 0 ? ` In ${never.map((i) => labels[i]).join(" and ")} none arrives: all is refused.` : "";
    if (longest == null) return `${begin} ${daysOf(base, 0)} days in the median in ${labels[0]}${said}.${none}`;
    const o = now[longest];
    const more = o.days[0] - base.days[0];
    const beyond =
      o.over[0] || base.over[0]
        ? `${daysOf(base, 0)} in the baseline`
        : more === 0
          ? "as in the baseline"
          : `${number(Math.abs(more))} ${more > 0 ? "more" : "less"} than in the baseline (${number(base.days[0])})`;
    return `${begin} ${daysOf(o, 0)} days in the median in ${labels[longest]}, ${beyond}${said}.${none}`;
  }

  function curves(f, state, colours) {
    const shown = state.scenarios.filter((i) => f.spans[state.span][i].curve.length > 0);
    const promised = f.promised[shown.find((i) => i > 0) ?? 0];
    const last = Math.max(20, ...shown.map((i) => f.spans[state.span][i].curve.length));
    const end = 50 * Math.ceil(data.days[Math.min(last, data.days.length) - 1] / 50);
    const series = shown.map((i) => ({
      name: labels[i],
      type: "line",
      step: "end",
      showSymbol: false,
      data: [[0, 0], ...f.spans[state.span][i].curve.map((x, k) => [data.days[k], x])],
      lineStyle: { color: colourOf(i, colours), width: 2.5, type: DASHES[i % DASHES.length] },
      itemStyle: { color: colourOf(i, colours) },
    }));
    if (series.length > 0)
      series[0].markLine = {
        silent: true,
        symbol: "none",
        lineStyle: { color: colours.quiet, type: "dotted" },
        label: { color: colours.quiet, position: "end", fontSize: 11 },
        data: [
          { yAxis: 0.5, label: { formatter: "median", position: "insideStartTop" } },
          ...(promised == null ? [] : [promise(promised, colours)]),
        ],
      };
    return {
      grid: { left: 56, right: 20, top: 64, bottom: 44 },
      tooltip: { trigger: "axis", valueFormatter: (x) => (x == null ? "-" : percent(x)) },
      xAxis: {
        type: "value",
        min: 0,
        max: end,
        name: "days since the order",
        nameLocation: "middle",
        nameGap: 26,
        nameTextStyle: { color: colours.quiet },
        axisLabel: { color: colours.quiet, formatter: (x) => number(Math.round(x)) },
        axisLine: { lineStyle: { color: colours.line } },
        splitLine: { show: false },
      },
      yAxis: {
        type: "value",
        min: 0,
        max: 1,
        axisLabel: { color: colours.quiet, formatter: (x) => percent(x) },
        splitLine: { lineStyle: { color: colours.line } },
      },
      series,
    };
  }

  function medians(f, state, colours) {
    const last = page.month[page.month.length - 1];
    const quarters = data.begins.map((_, q) => q);
    const series = state.scenarios.map((i) => ({
      name: labels[i],
      type: "line",
      symbol: SIGNS[i % SIGNS.length],
      symbolSize: 9,
      data: quarters.map((q) => {
        const o = f.spans[q][i];
        const open = o.over[0] ? { itemStyle: { color: colours.back, borderColor: colourOf(i, colours), borderWidth: 2 } } : {};
        return { value: [data.begins[q], o.days[0]], ...open };
      }),
      lineStyle: { color: colourOf(i, colours), width: 2, type: DASHES[i % DASHES.length] },
      itemStyle: { color: colourOf(i, colours) },
    }));
    if (series.length > 0) {
      const added = state.scenarios.filter((i) => i > 0).map((i) => page.scenarios[i]);
      series[0].markArea = {
        silent: true,
        label: { show: false },
        data: ruleSpans(added, last, colours),
      };
    }
    return {
      grid: { left: 48, right: 20, top: 64, bottom: 32 },
      tooltip: { trigger: "axis", valueFormatter: (x) => (x == null ? "-" : `${number(x)} d`) },
      xAxis: {
        type: "time",
        min: data.begins[0],
        max: last,
        axisLabel: { color: colours.quiet, hideOverlap: true },
        axisLine: { lineStyle: { color: colours.line } },
      },
      yAxis: {
        type: "value",
        min: 0,
        name: "days, median",
        nameTextStyle: { color: colours.quiet, align: "left" },
        axisLabel: { color: colours.quiet },
        splitLine: { lineStyle: { color: colours.line } },
      },
      series,
    };
  }

  function summary(f, state) {
    return {
      columns: [
        { text: "ordered in" },
        { text: "scenario" },
        { text: "promised", unit: "d" },
        { text: "median", unit: "d" },
        { text: "9 in 10", unit: "d" },
        { text: "refused", unit: "%" },
        { text: "open at the end", unit: "%" },
        { text: "ordered", unit: f.unit },
      ],
      rows: data.spans.flatMap((span, k) =>
        state.scenarios.map((i) => {
          const o = f.spans[k][i];
          return [
            span,
            labels[i],
            f.promised[i],
            o.over[0] ? daysOf(o, 0) : o.days[0],
            o.over[1] ? daysOf(o, 1) : o.days[1],
            o.refused == null ? null : 100 * o.refused,
            o.open == null ? null : 100 * o.open,
            o.ordered,
          ];
        }),
      ),
    };
  }

  function byDays(f, state) {
    const now = state.scenarios.map((i) => f.spans[state.span][i].curve);
    const n = Math.max(0, ...now.map((c) => c.length));
    return {
      columns: [{ text: "days since the order" }, ...state.scenarios.map((i) => ({ text: labels[i], unit: "% arrived" }))],
      rows: data.days.slice(0, n).map((d, k) => [d, ...now.map((c) => (c[k] == null ? null : 100 * c[k]))]),
    };
  }

  function view(state, colours) {
    const f = data.flows[state.flow];
    const refused = state.scenarios
      .map((i) => [labels[i], f.spans[state.span][i].refused])
      .filter(([, x]) => x != null)
      .map(([label, x]) => `${label} ${percent(x)}`);
    return {
      title: finding(f, state),
      note: [
        `Refused, and not in the ${state.show === "curve" ? "curves" : "medians"}: of what was ordered in ${data.spans[state.span]} ${refused.join(", ")}.`,
        state.show === "curve"
          ? "A curve that ends below 100 % goes as far as orders are old; from there on the rest is still open."
          : "Hollow marks: not reached in half of the orders, the days are the longest seen.",
        "Promised is the mean time without shortage. Bins of 7 days, read at their middle; means over all runs.",
        data.left_out > 0 ? `${data.left_out} flows of less value are not on this page.` : "",
      ]
        .filter(Boolean)
        .join(" "),
      height: 380,
      option: {
        legend: { top: 0, textStyle: { color: colours.text }, data: state.scenarios.map((i) => labels[i]) },
        ...(state.show === "curve" ? curves(f, state, colours) : medians(f, state, colours)),
      },
      table: state.show === "curve" ? byDays(f, state) : summary(f, state),
    };
  }

  figure(parent, { id: "lead", controls, view });
}

function promise(days, colours) {
  return {
    xAxis: days,
    label: { formatter: `promised ${number(days)} d`, color: colours.text },
    lineStyle: { color: colours.category[7], type: "dashed", width: 1.5 },
  };
}

function colourOf(i, colours) {
  return i === 0 ? colours.base : colours.category[(i - 1) % colours.category.length];
}
