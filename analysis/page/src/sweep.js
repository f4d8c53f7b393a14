// A sweep: what decides its outputs. One choice of output, and of what is good, holds for all figures.
import { bars } from "./bars.js";
import { boxes } from "./boxes.js";
import { el } from "./dom.js";
import { figure } from "./figure.js";
import { percent, short, unitOf, withUnit } from "./format.js";
import { response } from "./response.js";

const TOP = 25;
const name = (row) => (row.name === "chance" ? "luck" : row.name);

function interval([at, lo, hi], unit = "1") {
  return lo == null || hi == null ? withUnit(at, unit) : `${withUnit(at, unit)} (95 %: ${short(lo)} to ${short(hi)})`;
}

// ---- what matters ----

const HOW = {
  sobol: {
    choices: [{ value: "both", text: "first and total index" }],
    series: () => ["total index", "first index"],
    values: (r) => [r.total, r.first],
    unit: () => "share of the variance",
    title: (r, view) => !(r[0].total[0] > 0) ? view.answer : `Of ${view.what} the largest total index has ${name(r[0])}: ${interval(r[0].total)}${r[1] ? `, before ${name(r[1])}, ${interval(r[1].total)}` : ""}.`,
    columns: () => ["total index", "low", "high", "first index", "low", "high"].map((text) => ({ text })),
    cells: (r) => [...r.total, ...r.first],
  },
  morris: {
    choices: [
      { value: "size", text: "size (mu*), and spread (sigma)" },
      { value: "sign", text: "direction (mu)" },
    ],
    series: (choice) => (choice === "sign" ? ["mu"] : ["mu*", "sigma"]),
    values: (r, choice) => (choice === "sign" ? [[r.mu, null, null]] : [r.mu_star, [r.sigma, null, null]]),
    unit: (view) => view.unit,
    title: (r, view) =>
      !(r[0].mu_star[0] > 0) ? view.answer : `${name(r[0])} moves ${view.what} most: by ${interval(r[0].mu_star, view.unit)} over its whole range${r[1] ? `, before ${name(r[1])}, ${interval(r[1].mu_star, view.unit)}` : ""}.`,
    columns: (view) => ["mu*", "low", "high", "sigma", "mu"].map((text) => ({ text, unit: unitOf(view.unit) })),
    cells: (r) => [...r.mu_star, r.sigma, r.mu],
  },
  ranks: {
    choices: [{ value: "rank", text: "coefficient of ranks" }],
    series: () => ["coefficient"],
    values: (r) => [r.rank],
    unit: () => "coefficient of ranks",
    title: (r, view) =>
      view.r2 < 0.7
        ? `Ranks explain only ${percent(view.r2)} of ${view.what}: do not rely on this order.`
        : `${view.what} ${r[0].rank[0] > 0 ? "rises" : "falls"} most with ${name(r[0])}: coefficient ${interval(r[0].rank)}; R2 = ${short(view.r2)}.`,
    columns: () => ["coefficient", "low", "high"].map((text) => ({ text })),
    cells: (r) => r.rank,
  },
};

function factors(parent, data, chosen) {
  return figure(parent, {
    id: "factors",
    controls: () => {
      const how = HOW[chosen().view.how];
      return how && how.choices.length > 1 ? [{ name: "show", label: "Show", options: how.choices, value: how.choices[0].value }] : [];
    },
    view(state, colours, width) {
      const { view } = chosen();
      const how = HOW[view.how];
      if (!how) return { title: view.answer, option: {}, height: 20, table: { columns: [{ text: "factor" }], rows: [] } };
      const rows = view.ranking;
      const shown = rows.slice(0, TOP);
      return {
        title: how.title(rows, view),
        note: [
          data.left_out > 0 ? `${data.left_out} more outputs are not on this page (--output).` : "",
          data.n_lever > 1 && data.lever ? `Levers: ${data.lever}.` : "",
          view.left_out > 0 ? `${view.left_out} rows of the design are left out: runs failed or are missing there.` : "",
          rows.length > TOP ? `Bars: the first ${TOP} of ${rows.length}.` : "",
          rows.some((r) => r.name === "chance") ? "Luck: the numbers drawn within a run." : "",
        ].join(" ").trim(),
        ...bars({
          rows: shown.map((r) => ({ name: name(r), values: how.values(r, state.show).map(([at, lo, hi]) => ({ at, lo, hi, text: short(at), said: interval([at, lo, hi]) })) })),
          series: how.series(state.show),
          unit: how.unit(view),
          colours,
          width,
        }),
        table: { columns: [{ text: "factor" }, ...how.columns(view)], rows: rows.map((r) => [name(r), ...how.cells(r)]) },
      };
    },
  });
}

// ---- levers ----

const REGRETS = [
  { value: "max", text: "worst regret", of: (l) => [l.max, null, null], least: true },
  { value: "p90", text: "regret that 90 % of points stay under", of: (l) => [l.p90, null, null], least: true },
  { value: "p50", text: "median regret", of: (l) => [l.p50, null, null], least: true },
  { value: "mean", text: "mean regret", of: (l) => [l.mean, null, null], least: true },
  { value: "best", text: "how often it is best", of: (l) => l.best, least: false },
  { value: "share", text: "how often it is good enough", of: (l) => l.share, least: false },
];

function levers(parent, chosen) {
  return figure(parent, {
    id: "levers",
    controls: () => [{ name: "by", label: "Rank by", options: REGRETS, value: "max" }],
    view(state, colours, width) {
      const { view, side } = chosen();
      const by = REGRETS.find((r) => r.value === state.by);
      const sign = by.least ? 1 : -1;
      const list = side.levers.map((l) => ({ ...l, value: by.of(l) })).sort((a, b) => sign * (a.value[0] - b.value[0]));
      const shown = list.slice(0, TOP);
      const unit = by.least ? view.unit : "share of points";
      const enough = `${side.good === "more" ? "at least" : "at most"} ${withUnit(side.threshold, view.unit)}${side.usual ? `, the ${side.good === "more" ? "10" : "90"} % quantile of all points` : ""}`;
      const [first, second] = list;
      const said = (v) => (by.least ? withUnit(v[0], view.unit) : `${percent(v[0])}${v[1] == null ? "" : ` (95 %: ${percent(v[1])} to ${percent(v[2])})`}`);
      const title = !first
        ? "There is nothing to compare."
        : by.value === "share"
          ? `${first.name} is good enough most often: at ${said(first.value)} of the points of the uncertainties.`
          : by.value === "best"
            ? `${first.name} is best most often: at ${said(first.value)} of the points of the uncertainties.`
            : `${first.name} has the least ${by.text.replace("regret that 90 % of points stay under", "90 % regret")}: ${said(first.value)}${second ? `, before ${second.name}, ${said(second.value)}` : ""}.`;
      return {
        title,
        note: `${side.good === "more" ? "More" : "Less"} of it counts as good. At ${side.uncertain} points of the uncertainties. Good enough: ${enough}.${list.length > TOP ? ` Bars: the first ${TOP} of ${list.length}.` : ""}`,
        ...bars({
          rows: shown.map((l) => ({ name: l.name, values: [{ at: l.value[0], lo: l.value[1], hi: l.value[2], text: short(l.value[0]), said: said(l.value) }] })),
          series: [by.text],
          unit,
          colours,
          width,
        }),
        table: {
          columns: [
            { text: "levers" },
            ...["worst regret", "90 %", "median", "mean"].map((text) => ({ text, unit: unitOf(view.unit) })),
            ...["best at", "low", "high", "good enough at", "low", "high"].map((text) => ({ text, unit: "share of points" })),
          ],
          rows: list.map((l) => [l.name, l.max, l.p90, l.p50, l.mean, ...l.best, ...l.share]),
        },
      };
    },
  });
}

// ---- the page ----

export function drawSweep(parent, data) {
  let at = 0;
  let good = 0;
  const figures = [];
  const chosen = () => ({ view: data.views[at], side: data.views[at].sides[Math.min(good, data.views[at].sides.length - 1)] });
  const words = document.querySelector("#sweep > p");
  const list = el("ul", {});
  const said = () => {
    const { view, side } = chosen();
    words.textContent = view.answer;
    list.replaceChildren(...side.answer.filter(Boolean).map((text) => el("li", {}, text)));
    for (const f of figures) f.draw();
  };
  const choice = (label, options, change) =>
    el("label", {}, label, el("select", { name: label.toLowerCase(), onchange: (e) => (change(e.target.selectedIndex), said()) }, options.map((text) => el("option", {}, text))));
  const form = el("form", { class: "controls", id: "choice", onsubmit: (e) => e.preventDefault() });
  if (data.views.length > 1) form.append(choice("Output", data.views.map((v) => v.what), (i) => (at = i)));
  if (data.views[0].sides.length > 1) form.append(choice("Good is", ["less of it", "more of it"], (i) => (good = i)));
  parent.append(form, list);
  for (const [id, draw] of [
    ["factors", (place, now) => factors(place, data, now)],
    ["response", (place, now) => response(place, data, now)],
    ["boxes", (place, now) => boxes(place, data, now)],
    ["levers", levers],
  ]) {
    const place = document.querySelector(`#${id} .figures`);
    if (place) figures.push(...[draw(place, chosen)].flat());
  }
  said();
}
