// The frame that every chart has: choices, a title that says what is found, the chart, its table,
// and both to be saved.
//
//   figure(parent, {
//     id,                        name of the files that are saved
//     controls(state) -> [...]   { name, label, options: [{ value, text }] }   one of them
//                                { name, label, checks: [{ value, text }] }    any of them
//                                { name, label, slider: [text] }               a place among them
//                                each with `value`, used while state has none that fits
//     view(state, theme, width) -> {        width of the chart, CSS pixels
//       title, note              sentences; note may be missing
//       option                   what ECharts draws; colours from theme
//       height                   CSS pixels (360)
//       pre                      lines of text under the note; may be missing
//       table: { columns: [{ text, unit }], rows: [[text or number or null]] }
//     }
//   })
import { echarts } from "./chart.js";
import { csv, el, save } from "./dom.js";
import { number } from "./format.js";
import { lightTheme, onTheme, printWidth, theme } from "./theme.js";

export const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";

// Charts that have a grid begin lower by that many pixels.
function lower(option, by) {
  const below = (g) => ({ ...g, top: (typeof g?.top === "number" ? g.top : 40) + by });
  return { ...option, grid: option.grid && (Array.isArray(option.grid) ? option.grid.map(below) : below(option.grid)) };
}

// Pixels that the key above a chart takes beyond its first row: about 7 for each character.
function moreKey(legend, width) {
  if (legend?.bottom != null) return 0;
  let rows = 0;
  let x = 10;
  for (const name of legend?.data ?? []) {
    const w = 40 + 7 * (name.name ?? name).length;
    if (x + w > width && x > 10) [rows, x] = [rows + 1, 10];
    x += w;
  }
  return 24 * rows;
}

function frame(given, colours, width) {
  const option = lower(given, moreKey(given.legend, width));
  return {
    animation: false,
    useUTC: true,
    backgroundColor: "transparent",
    color: colours.category,
    textStyle: { fontFamily: FONT, color: colours.text },
    ...option,
    tooltip: option.tooltip && {
      renderMode: "richText",
      confine: true,
      backgroundColor: colours.back,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontFamily: FONT, fontSize: 12 },
      ...option.tooltip,
    },
  };
}

function fits(control, value) {
  if (control.options) return control.options.some((o) => o.value === value);
  if (control.checks) return Array.isArray(value) && value.every((v) => control.checks.some((o) => o.value === v));
  return Number.isInteger(value) && value >= 0 && value < control.slider.length;
}

function select(control, value, change) {
  return el(
    "label",
    {},
    control.label,
    el(
      "select",
      { name: control.name, onchange: (e) => change(control.options[e.target.selectedIndex].value) },
      control.options.map((o) => el("option", { selected: o.value === value }, o.text)),
    ),
  );
}

function checks(control, value, change) {
  const boxes = control.checks.map((o) =>
    el(
      "label",
      {},
      el("input", {
        type: "checkbox",
        name: control.name,
        checked: value.includes(o.value),
        onchange: () => change(control.checks.filter((_, i) => boxes[i].firstChild.checked).map((c) => c.value)),
      }),
      o.text,
    ),
  );
  return el("fieldset", {}, el("legend", {}, control.label), boxes);
}

function slider(control, value, change) {
  const said = el("output", {}, control.slider[value]);
  const input = el("input", {
    type: "range",
    name: control.name,
    min: 0,
    max: control.slider.length - 1,
    value,
    "aria-valuetext": control.slider[value],
    oninput: (e) => {
      const at = Number(e.target.value);
      said.textContent = control.slider[at];
      e.target.setAttribute("aria-valuetext", control.slider[at]);
      change(at);
    },
  });
  return el("label", { class: "slider" }, control.label, input, said);
}

function heading(column) {
  return column.unit ? `${column.text} (${column.unit})` : column.text;
}

function tableOf(title, table) {
  const cell = (x) => (typeof x === "number" ? el("td", { class: "number" }, number(x)) : el("td", {}, x ?? ""));
  return el(
    "table",
    {},
    el("caption", {}, title),
    el("thead", {}, el("tr", {}, table.columns.map((c) => el("th", { scope: "col" }, heading(c))))),
    el("tbody", {}, table.rows.map((row) => el("tr", {}, row.map(cell)))),
  );
}

// Words of a sentence in lines of so many letters.
function lines(text, letters) {
  const to = [""];
  for (const word of text.split(" "))
    if (to[to.length - 1].length + word.length < letters) to[to.length - 1] += ` ${word}`;
    else to.push(word);
  return to.map((line) => line.trim());
}
const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

// The chart as it is drawn, under its title.
function svgOf(view, width, height) {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  chart.setOption(frame(view.option, lightTheme, width));
  const drawn = chart.renderToSVGString();
  chart.dispose();
  const title = lines(view.title, width / 9.5).map((line) => line.replace(/[&<>"]/g, (c) => escapes[c]));
  const top = 20 * title.length + 12;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height + top}" viewBox="0 0 ${width} ${height + top}">` +
    `<rect width="100%" height="100%" fill="${lightTheme.back}"/>` +
    `<g font-family="${FONT}" font-size="15" font-weight="600" fill="${lightTheme.text}">` +
    title.map((line, i) => `<text x="8" y="${20 * (i + 1)}">${line}</text>`).join("") +
    `</g>${drawn.replace("<svg ", `<svg y="${top}" `)}</svg>\n`
  );
}

export function figure(parent, spec) {
  const state = {};
  const form = el("form", { class: "controls", onsubmit: (e) => e.preventDefault() });
  const title = el("h3", { "aria-live": "polite" });
  const drawing = el("div", { class: "chart", role: "img" });
  const note = el("p", { class: "note" });
  const pre = el("pre", { tabindex: 0 });
  const scroll = el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "table" });
  const details = el("details", { class: "table" }, el("summary", {}, "Table"), scroll);
  const buttons = el(
    "div",
    { class: "save" },
    el("button", { type: "button", onclick: () => saveSvg() }, "Save as SVG"),
    el("button", { type: "button", onclick: () => saveCsv() }, "Save as CSV"),
  );
  let chart = null;
  let view = null;
  let shape = "";

  function controls() {
    const list = spec.controls ? spec.controls(state) : [];
    for (const c of list) if (!fits(c, state[c.name])) state[c.name] = c.value;
    const now = JSON.stringify(list);
    if (now === shape) return;
    shape = now;
    const focused = form.contains(document.activeElement) ? document.activeElement.name : null;
    form.replaceChildren(
      ...list.map((c) => {
        const change = (value) => {
          state[c.name] = value;
          draw();
        };
        const how = c.options ? select : c.checks ? checks : slider;
        return how(c, state[c.name], change);
      }),
    );
    if (focused) form.elements[focused]?.focus?.();
  }

  function fillTable() {
    if (details.open) scroll.replaceChildren(tableOf(view.title, view.table));
  }

  function draw() {
    controls();
    controls(); // what was chosen may leave other choices
    drawing.style.width = printWidth();
    view = spec.view(state, theme(), drawing.clientWidth);
    title.textContent = view.title;
    note.textContent = view.note || "";
    note.hidden = !view.note;
    pre.textContent = view.pre || "";
    pre.hidden = !view.pre;
    drawing.setAttribute("aria-label", `${view.title} The numbers are in the table below.`);
    drawing.style.height = `${(view.height || 360) + moreKey(view.option.legend, drawing.clientWidth)}px`;
    if (chart == null) chart = echarts.init(drawing, null, { renderer: "svg" });
    else chart.resize();
    chart.setOption(frame(view.option, theme(), drawing.clientWidth), { notMerge: true });
    fillTable();
  }

  function saveSvg() {
    const wide = Math.max(700, drawing.clientWidth);
    const was = spec.view(state, lightTheme, wide);
    const tall = (was.height || 360) + moreKey(was.option.legend, wide);
    save(`${spec.id}.svg`, "image/svg+xml", svgOf(was, wide, tall));
  }
  function saveCsv() {
    save(`${spec.id}.csv`, "text/csv", csv([view.table.columns.map(heading), ...view.table.rows]));
  }

  details.addEventListener("toggle", fillTable);
  parent.append(el("figure", { id: `figure-${spec.id}` }, form, title, drawing, note, pre, details, buttons));
  draw();
  onTheme(draw);
  let width = drawing.clientWidth;
  new ResizeObserver(() => {
    if (drawing.clientWidth === width || drawing.clientWidth === 0) return;
    width = drawing.clientWidth;
    draw();
  }).observe(drawing);
  return { state, draw };
}
