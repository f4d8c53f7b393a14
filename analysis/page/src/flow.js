// What moves from stage to stage in a month, and what rules keep back.
import { figure } from "./figure.js";
import { amount, element, percent, short, unpack } from "./format.js";

const OTHER = "others";
const GAP = 10;
const NODE = 12;
const NARROW = 640;

export function drawFlow(parent, data, page) {
  const stages = data.stages;
  const series = (list) => list.map((x) => (x ? unpack(x) : null));
  for (const m of data.measures) {
    m.held = series(m.held);
    for (const h of m.held_in) h.held = series(h.held);
    for (const link of m.links) [link.moved, link.held] = [series(link.moved), series(link.held)];
  }
  const months = page.month.map((d) => d.slice(0, 7));
  const nameOf = (m) => (m.id.startsWith("~") ? m.name : element(m.name));
  const what = (m) => (m.id === "~value" ? "magnets and inputs" : nameOf(m));
  const country = (g) => g.country ?? OTHER;
  const group = (g) => `${country(g)} ${stages[g.stage].name}`;
  const label = (i) => page.scenarios[i].label;
  const at = (x, s, t) => (x[s] ? x[s][t] : 0);

  // Countries in one order for all stages, the largest first: [country of a group].
  function orderOf(m) {
    const size = new Map();
    for (const link of m.links)
      for (const g of [m.groups[link.from], m.groups[link.to]]) {
        const most = Math.max(...link.moved.map((x) => (x ? Math.max(...x) : 0)));
        size.set(country(g), (size.get(country(g)) ?? 0) + most);
      }
    const order = [...size.keys()].sort((a, b) => (a === OTHER) - (b === OTHER) || size.get(b) - size.get(a));
    return new Map(order.map((c, i) => [c, i]));
  }

  const forward = (m, link) => stages[m.groups[link.to].stage].depth > stages[m.groups[link.from].stage].depth;

  // Columns of the stages that something of it passes: depth -> place.
  for (const m of data.measures) {
    const depths = m.links.filter((k) => forward(m, k)).flatMap((k) => [k.from, k.to].map((i) => stages[m.groups[i].stage].depth));
    m.columns = new Map([...new Set(depths)].sort((a, b) => a - b).map((d, i) => [d, i]));
  }

  // Places with something in the month, by column, and the bands between them.
  function layout(m, s, t) {
    const nodes = new Map();
    const node = (key, depth, more) => {
      if (!nodes.has(key)) nodes.set(key, { key, depth, in: 0, out: 0, held: 0, ...more });
      return nodes.get(key);
    };
    const bands = [];
    const place = (i) => node(`g${i}`, m.columns.get(stages[m.groups[i].stage].depth), { group: i });
    for (const link of m.links) {
      const x = at(link.moved, s, t);
      if (!(x > 0) || !forward(m, link)) continue;
      place(link.from).out += x;
      place(link.to).in += x;
      bands.push({ from: `g${link.from}`, to: `g${link.to}`, value: x, base: at(link.moved, 0, t) });
    }
    for (const h of m.held_in) {
      const x = at(h.held, s, t);
      if (!(x > 0)) continue;
      const from = place(h.group);
      from.held = x;
      node(`h${h.group}`, from.depth + 1, { waits: h.group }).in += x;
      bands.push({ from: from.key, to: `h${h.group}`, value: x, base: at(h.held, 0, t), held: true });
    }
    return { nodes: [...nodes.values()], bands };
  }

  const extentOf = (n) => Math.max(n.in, n.out + n.held);
  const through = (n) => Math.max(n.in, n.out);

  function columns(nodes) {
    const sums = [];
    for (const n of nodes) {
      sums[n.depth] ??= { n: 0, sum: 0 };
      sums[n.depth].n += 1;
      sums[n.depth].sum += extentOf(n);
    }
    return sums.filter((c) => c);
  }

  // Pixels of a unit, so that the fullest month of any scenario fits: months can be told from each other.
  const scales = new Map();
  function scaleOf(m, room) {
    const key = `${m.id} ${room}`;
    if (!scales.has(key)) {
      let scale = Infinity;
      page.scenarios.forEach((_, s) =>
        months.forEach((_, t) => {
          for (const c of columns(layout(m, s, t).nodes)) scale = Math.min(scale, (room - (c.n - 1) * GAP) / c.sum);
        }),
      );
      scales.set(key, scale);
    }
    return scales.get(key);
  }

  function controls() {
    const first = data.measures[data.first];
    return [
      {
        name: "measure",
        label: "Show",
        options: data.measures.map((m, i) => ({ value: i, text: `${nameOf(m)} (${m.unit})` })),
        value: data.first,
      },
      {
        name: "scenario",
        label: "Scenario",
        options: page.scenarios.map((_, i) => ({ value: i, text: label(i) })),
        value: first.scenario,
      },
      { name: "month", label: "Month", slider: months, value: first.month },
    ];
  }

  function finding(m, s, t) {
    const held = at(m.held, s, t);
    const start = `${label(s)}, ${months[t]}:`;
    if (held > 0) {
      const most = m.held_in.reduce((a, b) => (at(b.held, s, t) > at(a.held, s, t) ? b : a));
      const base = s > 0 ? ` (baseline ${amount(at(m.held, 0, t), m.unit)})` : "";
      return `${start} ${amount(held, m.unit)} of ${what(m)} lie held back by rules at the month's end${base}, ${amount(at(most.held, s, t), m.unit)} of it at ${group(m.groups[most.group])}.`;
    }
    const least = m.links
      .filter((k) => s > 0 && at(k.moved, 0, t) > 0)
      .sort((a, b) => at(a.moved, s, t) - at(a.moved, 0, t) - at(b.moved, s, t) + at(b.moved, 0, t))[0];
    if (!least || at(least.moved, s, t) > 0.99 * at(least.moved, 0, t)) return `${start} nothing is held back by rules.`;
    return `${start} nothing is held back by rules; most is missing from ${group(m.groups[least.from])} to ${group(m.groups[least.to])}, ${percent(at(least.moved, s, t) / at(least.moved, 0, t) - 1)} against the baseline.`;
  }

  function view(state, colours, width) {
    const m = data.measures[state.measure];
    const { scenario: s, month: t } = state;
    const wide = width >= NARROW;
    const order = orderOf(m);
    const colourOf = (g) => {
      const palette = colours.category.filter((_, i) => i !== 1);
      return g.country == null || order.get(country(g)) >= palette.length ? colours.base : palette[order.get(country(g))];
    };
    const heldColour = colours.category[1];
    const { nodes, bands } = layout(m, s, t);
    const depths = Math.max(1, ...m.columns.values(), ...nodes.map((n) => n.depth));
    const step = 100 / (depths + 0.9);
    const room = wide ? 560 : Math.max(240, width - 24);
    const scale = scaleOf(m, room);
    const extent = Math.max(1, ...columns(nodes).map((c) => c.sum * scale + (c.n - 1) * GAP));
    const several = stages.map((x) => stages.filter((y) => y.depth === x.depth).length > 1);
    const rank = (n) => (n.waits != null ? -1 : order.get(country(m.groups[n.group])));
    nodes.sort(
      (a, b) =>
        a.depth - b.depth ||
        (a.waits != null ? -1 : m.groups[a.group].stage) - (b.waits != null ? -1 : m.groups[b.group].stage) ||
        rank(a) - rank(b),
    );
    const change = (x, base) => (s === 0 || !(base > 0) ? "" : `${x >= base ? "+" : "\u2212"}${percent(Math.abs(x / base - 1))}`);
    const base = new Map(layout(m, 0, t).nodes.map((n) => [n.key, through(n)]));
    const titleOf = (n) => (several[m.groups[n.group].stage] ? group(m.groups[n.group]) : country(m.groups[n.group]));
    const brief = (x) => (m.unit === "USD" ? short(x) : amount(x, m.unit));
    const span = wide ? (width * step) / 100 : 0;
    // Names where there is room for them; the tooltip and the table have all.
    const text = (n) => {
      const size = extentOf(n) * scale;
      if (n.waits != null) return wide ? `{held|held ${brief(n.in)}}` : size > 24 ? "{held|held}" : "";
      const name = titleOf(n);
      if (!wide) return size + GAP > 5 * name.length ? name : "";
      if (size < 5 && m.groups[n.group].country !== page.focus) return "";
      const by = change(through(n), base.get(n.key));
      const more = by && Math.abs(through(n) / base.get(n.key) - 1) > 0.02 ? ` ${by}` : "";
      const said = brief(through(n));
      return `${name} {quiet|${said}${(name + said + more).length * 5.5 < span - NODE - 6 ? more : ""}}`;
    };
    const long = (key) => {
      const n = nodes.find((q) => q.key === key);
      return n.waits != null ? `held back at ${group(m.groups[n.waits])}` : group(m.groups[n.group]);
    };
    const tip = (what_, x, b) =>
      `${what_}\n${amount(x, m.unit)}${s > 0 ? `\nbaseline ${amount(b ?? 0, m.unit)} ${change(x, b) && `(${change(x, b)})`}` : ""}`;
    // For whom goods wait is said where they wait.
    const tipOf = (n) => {
      if (n.waits == null) return tip(group(m.groups[n.group]), through(n), base.get(n.key));
      const waiting = m.links.filter((k) => k.from === n.waits && at(k.held, s, t) > 0).sort((a, b) => at(b.held, s, t) - at(a.held, s, t));
      return [
        tip(long(n.key), n.in, base.get(n.key)),
        ...waiting.slice(0, 5).map((k) => `${amount(at(k.held, s, t), m.unit)} for ${group(m.groups[k.to])}`),
      ].join("\n");
    };
    return {
      title: finding(m, s, t),
      note: `Thickness is ${m.unit} a month, on one scale for all months and scenarios: what arrives, or lies held back at the month's end (orange). ${
        wide && s > 0 ? "Percentages are against the baseline. " : ""
      }What goes back to an earlier stage or stays in one (scrap, say) is in the table only. ${
        m.left_out > 0 ? `Small links are left out, ${percent(m.left_out, 1)} in all.` : ""
      }`,
      height: wide ? 630 : 96 * (depths + 1),
      option: {
        tooltip: {
          trigger: "item",
          formatter: (p) =>
            p.dataType === "edge"
              ? tip(p.data.held ? long(p.data.target) : `${long(p.data.source)} to ${long(p.data.target)}`, p.data.value, p.data.base)
              : tipOf(nodes.find((n) => n.key === p.name)),
        },
        title: Array.from({ length: depths + 1 }, (_, d) => ({
          text: stages.filter((x) => m.columns.get(x.depth) === d).map((x) => x.name).join(", "),
          left: wide ? `${d * step}%` : 4,
          top: wide ? 6 : 4 + 96 * d,
          padding: 0,
          textStyle: {
            fontSize: 11,
            fontWeight: 600,
            color: colours.quiet,
            textBorderColor: colours.back,
            textBorderWidth: 3,
            width: wide ? (width * step) / 100 - 8 : width,
            overflow: "truncate",
          },
        })),
        series: [
          {
            type: "sankey",
            orient: wide ? "horizontal" : "vertical",
            left: wide ? 0 : 4,
            top: wide ? 30 : 22,
            width: wide ? `${step * depths}%` : extent,
            height: wide ? extent : 96 * depths,
            nodeWidth: NODE,
            nodeGap: GAP,
            nodeAlign: "left",
            layoutIterations: 0,
            draggable: false,
            emphasis: { focus: "adjacency" },
            label: {
              position: wide ? "right" : "bottom",
              distance: wide ? 4 : 1,
              fontSize: wide ? 11 : 9,
              color: colours.text,
              textBorderColor: colours.back,
              textBorderWidth: 2,
              rich: { quiet: { color: colours.quiet, fontSize: 10 }, held: { fontWeight: "bold", fontSize: wide ? 11 : 9 } },
            },
            data: nodes.map((n) => ({
              name: n.key,
              depth: n.depth,
              label: { formatter: text(n), ...(wide && { width: span - NODE - 6, overflow: "truncate", ellipsis: ".." }) },
              itemStyle: { color: n.waits != null ? heldColour : colourOf(m.groups[n.group]), borderWidth: 0 },
            })),
            links: bands.map((b) => ({
              source: b.from,
              target: b.to,
              value: b.value,
              base: b.base,
              held: b.held,
              lineStyle: b.held
                ? { color: heldColour, opacity: 0.75 }
                : { color: colourOf(m.groups[nodes.find((n) => n.key === b.from).group]), opacity: 0.3 },
            })),
          },
        ],
      },
      table: {
        columns: [
          { text: "from" },
          { text: "stage" },
          { text: "to" },
          { text: "stage" },
          { text: "moved", unit: m.unit },
          { text: "moved in the baseline", unit: m.unit },
          { text: "held back at the end", unit: m.unit },
          { text: "held back in the baseline", unit: m.unit },
          { text: "in the chart" },
        ],
        rows: m.links.map((k) => [
          country(m.groups[k.from]),
          stages[m.groups[k.from].stage].name,
          country(m.groups[k.to]),
          stages[m.groups[k.to].stage].name,
          at(k.moved, s, t),
          at(k.moved, 0, t),
          at(k.held, s, t),
          at(k.held, 0, t),
          forward(m, k) ? "yes" : "no",
        ]),
      },
    };
  }

  figure(parent, { id: "flow", controls, view });
}
