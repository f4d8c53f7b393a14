// What would be missed most: things taken out one after the other.
import { bars } from "./bars.js";
import { figure } from "./figure.js";
import { number, short } from "./format.js";

const TOP = 20;
const TAKEN = { site: "site", lane: "lane", supplier: "supplier" };
// at: what ranks; last: which end comes first
const MEASURES = [
  { value: "loss", text: "Final demand lost", unit: "USD", of: (r) => r.loss, least: false },
  { value: "net", text: "Output of plants lost", unit: "USD", of: (r) => r.net, least: false },
  { value: "short", text: "Days until demand is short", unit: "d", of: (r) => [r.days[0], null, null], least: true },
  { value: "stop", text: "Days until a plant of end products stops", unit: "d", of: (r) => [r.days[1], null, null], least: true },
  { value: "back", text: "Days until demand is met again", unit: "d", of: (r) => [r.open ? Infinity : r.days[2], null, null], least: false },
];

function unique(list) {
  return [...new Set(list)].filter(Boolean).sort();
}

export function drawCritical(parent, data) {
  const rows = data.rows.map(({ text: [id, name, country, tier, product], ...numbers }) => ({ id, name, country, tier, product, ...numbers }));
  const where = (r) => [r.country, r.tier, r.product].filter(Boolean).join(", ");
  const full = (r) => (where(r) ? `${r.name} (${where(r)})` : r.name);
  const choice = (name, label, list) => ({ name, label, options: [{ value: "", text: "all" }, ...list.map((x) => ({ value: x, text: x }))], value: "" });

  function controls() {
    const tiers = unique(rows.map((r) => r.tier));
    const countries = unique(rows.map((r) => r.country));
    return [
      { name: "measure", label: "Rank by", options: MEASURES, value: "loss" },
      ...(tiers.length > 1 ? [choice("tier", "Stage", tiers)] : []),
      ...(countries.length > 1 ? [choice("country", "Country", countries)] : []),
    ];
  }

  function chosen(state, measure) {
    const sign = measure.least ? 1 : -1;
    return rows
      .filter((r) => (!state.tier || r.tier === state.tier) && (!state.country || r.country === state.country))
      .map((r) => ({ ...r, value: measure.of(r) }))
      .filter((r) => r.value[0] != null)
      .sort((a, b) => (a.value[0] === b.value[0] ? 0 : sign * (a.value[0] < b.value[0] ? -1 : 1)));
  }

  function said(measure, [at, lo, hi]) {
    if (at === Infinity) return "not by the end of the record";
    const size = measure.unit === "d" ? `${number(at)} days` : `${short(at)} USD`;
    return lo == null || hi == null ? size : `${size} (95 %: ${short(lo)} to ${short(hi)})`;
  }

  function finding(measure, list) {
    if (list.length === 0) return "Nothing that was taken out comes to this here.";
    const [first, second] = list;
    const same = second && second.value[0] === first.value[0];
    const most = same ? "as much as without others" : "more than without any other";
    const soonest = same ? "as soon as without others" : "sooner than without any other";
    const out = `Without ${full(first)} for ${data.days} ${data.days === "1" ? "day" : "days"}`;
    const much = said(measure, first.value);
    const then = second ? ` Next: ${second.name}, ${said(measure, second.value)}.` : "";
    if (!measure.least && !(first.value[0] > 0))
      return { loss: "No final demand is lost without any of them.", net: "Plants lose no output without any of them.", back: "Demand is met again at once without each of them." }[measure.value];
    switch (measure.value) {
      case "loss":
        return `${out}, final demand of ${much} is lost, ${most}.${then}`;
      case "net":
        return `${out}, plants make ${much} less, ${most}.${then}`;
      case "short":
        return `${out}, customers go short after ${much}, ${soonest}.${then}`;
      case "stop":
        return `${out}, a plant of end products stops after ${much}, ${soonest}.${then}`;
      default:
        return first.open
          ? `${out}, demand is not met again by the end of the record${list.filter((r) => r.open).length > 1 ? `, as without ${list.filter((r) => r.open).length - 1} more` : ""}.`
          : `${out}, demand is met again only ${much} after it is back, ${same ? "as late as without others" : "later than without any other"}.${then}`;
    }
  }

  function view(state, colours, width) {
    const measure = MEASURES.find((m) => m.value === state.measure);
    const list = chosen(state, measure);
    const shown = list.slice(0, TOP);
    const drawn = bars({
      rows: shown.map((r) => ({
        name: r.name,
        full: full(r),
        values: [{ at: r.value[0] === Infinity ? 0 : r.value[0], lo: r.value[1], hi: r.value[2], text: r.value[0] === Infinity ? "not by the end" : short(r.value[0]), said: said(measure, r.value) }],
      })),
      series: [measure.text],
      unit: measure.unit,
      colours,
      width,
    });
    return {
      title: finding(measure, list),
      note: `${list.length > TOP ? `Bars: the first ${TOP} of ${list.length}; all are in the table. ` : ""}${data.note}`,
      ...drawn,
      table: {
        columns: [
          { text: `${TAKEN[data.what]} taken out` },
          { text: "id" },
          { text: "country" },
          { text: "stage" },
          { text: "product" },
          { text: "demand lost", unit: "USD" },
          { text: "low", unit: "USD" },
          { text: "high", unit: "USD" },
          { text: "output lost", unit: "USD" },
          { text: "low", unit: "USD" },
          { text: "high", unit: "USD" },
          { text: "demand short after", unit: "d" },
          { text: "a plant of end products stops after", unit: "d" },
          { text: "demand met again after", unit: "d" },
        ],
        rows: list.map((r) => [r.name, r.id, r.country, r.tier, r.product, ...r.loss, ...r.net, r.days[0], r.days[1], r.open ? "not by the end" : r.days[2]]),
      },
    };
  }

  figure(parent, { id: "critical", controls, view });
}
