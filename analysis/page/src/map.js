// Sites and lanes on a map, by what is missing in a month.
import { feature } from "topojson-client";
import atlas from "world-atlas/countries-110m.json";
import { echarts } from "./chart.js";
import { figure } from "./figure.js";
import { percent, short, unpack } from "./format.js";

// The map begins in the Atlantic, so that the Pacific is whole: [west, south, east, north].
const EDGE = -30;
const REGIONS = {
  World: [-24, -44, 334, 74],
  "East Asia": [95, 14, 150, 52],
  Japan: [128, 30, 146, 46],
  Europe: [-12, 36, 40, 66],
  "North America": [230, 15, 300, 55],
  "South-east Asia and Australia": [90, -40, 158, 26],
};
const SQUEEZE = 0.8; // width of a degree of longitude, of latitude
const STEPS = [0.01, 0.05, 0.2, 0.5, 0.8];
const NAMED = 8;

const east = (lon) => (lon < EDGE ? lon + 360 : lon);

// Rings keep together where they cross the edge.
function ringOf(ring) {
  const moved = ring.map(([lon, lat]) => [east(lon), lat]);
  const lons = moved.map(([lon]) => lon);
  return Math.max(...lons) - Math.min(...lons) < 180 ? moved : moved.map(([lon, lat]) => [lon < 180 ? lon + 360 : lon, lat]);
}

function world() {
  const all = feature(atlas, atlas.objects.countries);
  const features = all.features
    .filter((f) => f.properties.name !== "Antarctica")
    .map((f) => {
      const polygons = f.geometry.type === "Polygon" ? [f.geometry.coordinates] : f.geometry.coordinates;
      return { ...f, geometry: { type: "MultiPolygon", coordinates: polygons.map((p) => p.map(ringOf)) } };
    });
  return { type: "FeatureCollection", features };
}

export function drawMap(parent, data, page) {
  echarts.registerMap("world", world());
  const months = page.month.map((d) => d.slice(0, 7));
  const label = (i) => page.scenarios[i].label;
  const sites = data.sites.map(([id, stage, country, lat, lon, usd, part]) => ({
    name: page.site[id] || id,
    stage: data.stages[stage],
    country,
    at: [east(lon), lat],
    usd,
    part: part && part.map(unpack),
  }));
  const lanes = data.lanes.map(([stage, from, to, moved]) => ({ stage: data.stages[stage], from, to, moved: moved.map(unpack) }));
  const inside = ([lon, lat], [west, south, right, north]) => lon >= west && lon <= right && lat >= south && lat <= north;
  const regions = Object.keys(REGIONS).filter((name) => sites.some((x) => inside(x.at, REGIONS[name])));

  // Part of the plan that is missed, and by how much that is more than in the baseline.
  const missed = (x, s, t) => (x.part ? x.part[s][t] : null);
  const beyond = (x, s, t) => {
    const a = missed(x, s, t);
    if (a == null) return null;
    return s === 0 ? a : Math.max(0, a - (missed(x, 0, t) ?? 0));
  };
  // By how much less goes over a lane than in the baseline.
  const fall = (x, s, t) => (s > 0 && x.moved[0][t] > 0 ? 1 - x.moved[s][t] / x.moved[0][t] : null);

  function controls() {
    return [
      { name: "scenario", label: "Scenario", options: page.scenarios.map((_, i) => ({ value: i, text: label(i) })), value: data.scenario },
      {
        name: "stage",
        label: "Stage",
        options: [{ value: "", text: "all" }, ...data.stages.map((x) => ({ value: x, text: x }))],
        value: "",
      },
      { name: "region", label: "Region", options: regions.map((x) => ({ value: x, text: x })), value: regions[0] },
      { name: "month", label: "Month", slider: months, value: data.month },
    ];
  }

  // Pixels of a degree of latitude, when the region fills the chart.
  function scaleOf(region, width, height) {
    const [west, south, right, north] = REGIONS[region];
    return Math.min(width / ((right - west) * SQUEEZE), height / (north - south));
  }

  // Circles that would lie on each other go round their place until there is room, the largest first.
  function spread(list, scale, room) {
    const placed = [];
    for (const x of list) {
      const [u, v] = [x.site.at[0] * SQUEEZE * scale, x.site.at[1] * scale];
      let best = [u, v];
      for (let k = 0; k < 400; k++) {
        const far = 1.1 * Math.sqrt(k);
        if (far > room) break;
        const at = [u + far * Math.cos(2.4 * k), v + far * Math.sin(2.4 * k)];
        if (placed.every((p) => Math.hypot(p.at[0] - at[0], p.at[1] - at[1]) > p.radius + x.radius + 0.6)) {
          best = at;
          break;
        }
      }
      placed.push({ at: best, radius: x.radius });
      x.at = [best[0] / SQUEEZE / scale, best[1] / scale];
    }
    return list;
  }

  const spreads = new Map();
  function circles(state, width, height) {
    const key = [state.stage, state.region, width].join();
    if (!spreads.has(key)) {
      const region = REGIONS[state.region];
      const scale = scaleOf(state.region, width, height);
      const here = sites.filter((x) => (!state.stage || x.stage === state.stage) && inside(x.at, region));
      const most = Math.max(...here.map((x) => x.usd), 1);
      const largest = Math.min(16, Math.max(width < 640 ? 6 : 9, scale));
      const list = here
        .map((site) => ({ site, radius: Math.max(largest / 4, largest * Math.sqrt(site.usd / most)) }))
        .sort((a, b) => b.radius - a.radius);
      spreads.set(key, spread(list, scale, 60));
    }
    return spreads.get(key);
  }

  const placeOf = (country) => [east(data.countries[country][1]), data.countries[country][0]];

  // Of the lanes between two countries the one that loses most, so that arrows do not hide each other.
  function arrows(state) {
    const { scenario: s, month: t } = state;
    const worst = new Map();
    for (const x of lanes) {
      if (state.stage && x.stage !== state.stage) continue;
      if (!data.countries[x.from] || !data.countries[x.to] || !(x.moved[0][t] > 0 || x.moved[s][t] > 0)) continue;
      if (![x.from, x.to].some((c) => inside(placeOf(c), REGIONS[state.region]))) continue;
      const key = `${x.from} ${x.to}`;
      const was = worst.get(key);
      if (!was || (fall(x, s, t) ?? -1) > (fall(was, s, t) ?? -1)) worst.set(key, x);
    }
    return [...worst.values()].sort((a, b) => (fall(a, s, t) ?? -1) - (fall(b, s, t) ?? -1));
  }

  function finding(state) {
    const { scenario: s, month: t, stage } = state;
    const list = sites.filter((x) => !stage || x.stage === stage);
    const hit = list.filter((x) => x.part && beyond(x, s, t) > 0.1);
    const start = `${label(s)}, ${months[t]}:`;
    const what = `${stage ? `${stage} ` : ""}sites`;
    const more = s > 0 ? " beyond the baseline" : "";
    if (hit.length === 0) return `${start} none of ${list.length} ${what} misses more than 10 % of its plan${more}.`;
    const worst = hit.reduce((a, b) => (b.usd * beyond(b, s, t) > a.usd * beyond(a, s, t) ? b : a));
    return `${start} ${hit.length} of ${list.length} ${what} miss more than 10 % of their plan${more}; by value most is missing at ${worst.name} (${percent(beyond(worst, s, t))}).`;
  }

  function view(state, colours, width) {
    const { scenario: s, month: t } = state;
    const height = Math.min(560, Math.max(300, 0.55 * width));
    const region = REGIONS[state.region];
    const drawn = circles(state, width, height - 60);
    const step = (x) => STEPS.filter((edge) => x >= edge).length;
    const order = (a, b) => (beyond(a.site, s, t) ?? -1) - (beyond(b.site, s, t) ?? -1);
    const named = new Set([...drawn].filter((x) => beyond(x.site, s, t) > 0.1).sort((a, b) => b.site.usd * beyond(b.site, s, t) - a.site.usd * beyond(a.site, s, t)).slice(0, width < 640 ? 3 : NAMED).map((x) => x.site));
    const laneColour = (x) => ((fall(x, s, t) ?? 0) < STEPS[0] ? colours.base : colours.heat[Math.max(1, step(fall(x, s, t)))]);
    const most = Math.max(1, ...arrows(state).map((x) => Math.max(x.moved[0][t], x.moved[s][t])));
    const rows = sites
      .filter((x) => (!state.stage || x.stage === state.stage) && x.part)
      .map((x) => [x, beyond(x, s, t)])
      .sort((a, b) => (b[1] ?? -1) - (a[1] ?? -1) || b[0].usd - a[0].usd)
      .map(([x]) => [x.name, x.country, x.stage, x.usd, part100(missed(x, s, t)), part100(missed(x, 0, t))]);
    const laneRows = lanes
      .filter((x) => !state.stage || x.stage === state.stage)
      .sort((a, b) => (fall(b, s, t) ?? -2) - (fall(a, s, t) ?? -2))
      .map((x) => [`from ${x.from} to ${x.to}`, "", x.stage, x.moved[0][t], part100(fall(x, s, t)), null]);
    return {
      title: finding(state),
      note: `Shares of what was planned for the weeks that begin in the month${s > 0 ? ", less those in the baseline" : ""}. Circles that would lie on each other are moved apart. Of the lanes between two countries the one is drawn that loses most. ${
        data.left_out > 0 ? `${data.left_out} more sites miss less by value; their colour is that of nothing missing, and the counts leave them out.` : ""
      }`,
      height,
      option: {
        tooltip: { trigger: "item", formatter: (p) => p.data?.tip },
        geo: {
          map: "world",
          silent: true,
          roam: false,
          clip: true,
          aspectScale: SQUEEZE,
          boundingCoords: [
            [region[0], region[3]],
            [region[2], region[1]],
          ],
          left: 0,
          right: 0,
          top: 4,
          bottom: 56,
          itemStyle: { areaColor: colours.map, borderColor: colours.mapLine, borderWidth: 0.6 },
        },
        visualMap: {
          type: "piecewise",
          orient: "horizontal",
          left: "center",
          bottom: 0,
          itemWidth: 14,
          itemHeight: 14,
          itemGap: width < 640 ? 4 : 10,
          textStyle: { color: colours.text, fontSize: width < 640 ? 10 : 11 },
          backgroundColor: colours.back,
          selectedMode: false,
          seriesIndex: 1,
          dimension: 2,
          pieces: colours.heat.map((color, i) => ({
            gte: i === 0 ? 0 : STEPS[i - 1],
            lt: i === STEPS.length ? 1.01 : STEPS[i],
            label: i === 0 ? (width < 640 ? "<1 %" : "less than 1 % missing") : `${percent(STEPS[i - 1])}+`,
            color,
          })),
        },
        series: [
          {
            type: "lines",
            coordinateSystem: "geo",
            symbol: ["none", "arrow"],
            symbolSize: width < 640 ? 5 : 8,
            clip: true,
            data: arrows(state).map((x) => ({
              coords: [placeOf(x.from), placeOf(x.to)],
              lineStyle: {
                color: laneColour(x),
                width: 1 + 3 * Math.sqrt(Math.max(x.moved[0][t], x.moved[s][t]) / most),
                opacity: (fall(x, s, t) ?? 0) < STEPS[0] ? 0.25 : 0.85,
                type: fall(x, s, t) >= 0.999 ? "dashed" : "solid",
                curveness: 0.22,
              },
              tip: `${x.stage}, from ${x.from} to ${x.to}\n${short(x.moved[s][t])} USD in the month${
                s > 0 ? `\nbaseline ${short(x.moved[0][t])} USD${fall(x, s, t) == null ? "" : `, ${percent(Math.abs(fall(x, s, t)))} ${fall(x, s, t) < 0 ? "more" : "less"}`}` : ""
              }`,
            })),
          },
          {
            type: "scatter",
            coordinateSystem: "geo",
            clip: true,
            labelLayout: { hideOverlap: true },
            data: [...drawn].sort(order).map((x) => ({
              value: [...x.at, beyond(x.site, s, t) ?? 0],
              symbolSize: 2 * x.radius,
              itemStyle: { borderColor: colours.quiet, borderWidth: 0.7, opacity: 0.95 },
              label: {
                show: named.has(x.site),
                formatter: () => `${x.site.name} ${percent(beyond(x.site, s, t))}`,
                position: (x.at[0] - region[0]) / (region[2] - region[0]) > (width < 640 ? 0.5 : 0.7) ? "left" : "right",
                fontSize: 10,
                color: colours.text,
                textBorderColor: colours.back,
                textBorderWidth: 2,
                width: width < 640 ? 110 : 200,
                overflow: "truncate",
              },
              tip: `${x.site.name}\n${x.site.stage}, ${x.site.country}\nplans ${short(x.site.usd)} USD a week${
                missed(x.site, s, t) == null
                  ? ""
                  : `\n${percent(missed(x.site, s, t), 1)} missed${s > 0 ? `, ${percent(missed(x.site, 0, t), 1)} in the baseline` : ""}`
              }`,
            })),
          },
        ],
      },
      table: {
        columns: [
          { text: "site or lane" },
          { text: "country" },
          { text: "stage" },
          { text: "plan a week; of a lane: the baseline's month", unit: "USD" },
          { text: "missing", unit: "%" },
          { text: "missing in the baseline", unit: "%" },
        ],
        rows: [...rows, ...laneRows],
      },
    };
  }

  figure(parent, { id: "map", controls, view });
}

function part100(x) {
  return x == null ? null : Number((100 * x).toPrecision(4));
}
