// Pages of `lodestone report` in a real Chromium: node report.mjs MODULES WHAT PAGE [...], where MODULES
// is the folder of playwright-core.
//
//   full PAGE NUMBERS.json SHOTS   all of a page: no message, no request, every figure with its controls,
//                                  table and files; tables against NUMBERS; looks; pictures into SHOTS
//   other PAGE SHOTS               the same without NUMBERS
//   names PAGE                     a page whose names are markup: all controls, and nothing but text
//   static PAGE NUMBERS.json SHOTS a page without a script
//
// Prints "ok - ..." and "not ok - ..."; status 1 where there is one of the latter. Figures are found by
// themselves (figure[id]); what their tables must hold is in NUMBERS (report_numbers.py).
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, what, file, ...rest] = process.argv.slice(2);
const { chromium } = createRequire(modules + "/")("playwright-core");
const evil = "</script><img src=x onerror=alert(1)>";
let bad = 0;

async function ok(name, check) {
  let fault;
  try {
    fault = await check();
  } catch (e) {
    fault = e.message.split("\n")[0];
  }
  const faults = [fault].flat().filter((f) => f);
  console.log(`${faults.length ? "not ok" : "ok"} - ${name}`);
  for (const f of faults.slice(0, 10)) console.log(`    ${f}`);
  bad |= faults.length > 0;
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
const blank = await browser.newPage(); // under no policy
process.on("exit", () => process.exitCode || (process.exitCode = bad));

// A page that is drawn, and what it said and asked for since.
async function open(options) {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, ...options });
  const heard = [];
  page.on("console", (m) => heard.push(`${m.type()}: ${m.text()}`));
  page.on("pageerror", (e) => heard.push(`error: ${e.message}`));
  page.on("request", (r) => r.url() !== pathToFileURL(file).href && !r.url().startsWith("blob:") && heard.push(`request: ${r.url()}`));
  page.on("dialog", (d) => {
    heard.push(`dialog: ${d.message()}`);
    d.dismiss();
  });
  await page.goto(pathToFileURL(file).href);
  if (what !== "static") await page.waitForFunction(() => document.documentElement.dataset.drawn === "all", null, { timeout: 20000 });
  return { page, heard };
}

const figures = (page) => page.$$eval("figure[id]", (all) => all.map((f) => f.id));

// What a figure shows: title, drawing, note and table.
const shown = (page, id) =>
  page.$eval(`#${id}`, (f) => [".chart", "h3", ".note", "table"].map((s) => f.querySelector(s)?.innerHTML).join("\n"));

// Shapes that stand for numbers: they have a colour that is no grey, or the baseline's.
const marks = (page, id) =>
  page.$$eval(`#${id} .chart svg :is(path, rect, circle, polyline, polygon, line)`, (all) => {
    const coloured = (c) => {
      const m = /^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/.exec(c);
      return c === "rgb(110, 119, 129)" || (m && m[4] !== "0" && Math.max(m[1], m[2], m[3]) - Math.min(m[1], m[2], m[3]) > 40);
    };
    return all.filter((e) => {
      const s = getComputedStyle(e);
      const box = e.getBBox();
      return (coloured(s.fill) || coloured(s.stroke)) && box.width + box.height > 0;
    }).length;
  });

// ---- tables ----

// The table of a figure: { caption, columns: [text], rows: [[text]], plain: is it what a reader's aid expects }
const tableOf = (page, id) =>
  page.evaluate((f) => {
    const t = document.querySelector(`#${f} table`);
    return {
      caption: t.caption?.textContent ?? "",
      columns: [...t.tHead.rows[0].cells].map((c) => c.textContent),
      rows: [...t.tBodies[0].rows].map((r) => [...r.cells].map((c) => c.textContent)),
      plain: [...t.tHead.rows[0].cells].every((c) => c.tagName === "TH" && c.scope === "col"),
      seen: t.checkVisibility(),
    };
  }, id);

const openTable = async (page, id) => {
  if (!(await page.$eval(`#${id} details.table`, (d) => d.open))) await page.click(`#${id} details.table > summary`);
  await page.waitForFunction((f) => document.querySelector(`#${f} table`)?.checkVisibility(), id);
};

const numberOf = (text) => (text === "" ? null : Number(text.replaceAll(",", "")));
const same = (a, b) => (a == null || b == null ? a == b : Math.abs(a - b) <= 5.01e-4 * Math.abs(b) + 1e-12);

// { figure, choose: { control: text of an option, or place of a slider }, key: number of columns that name a
//   row, columns: { beginning of a heading: { key of a row: number } } }
async function against(page, want) {
  const id = `figure-${want.figure}`;
  for (const [name, value] of Object.entries(want.choose ?? {})) {
    const control = `#${id} [name="${name}"]`;
    if (typeof value === "number") await page.$eval(control, (e, v) => ((e.value = v), e.dispatchEvent(new Event("input"))), value);
    else await page.selectOption(control, { label: value });
  }
  await openTable(page, id);
  const table = await tableOf(page, id);
  const faults = [];
  const keys = table.rows.map((r) => r.slice(0, want.key ?? 1).join(" "));
  for (const [heading, column] of Object.entries(want.columns)) {
    const at = table.columns.findIndex((c) => c.startsWith(heading));
    if (at < 0) faults.push(`no column ${heading}, only ${table.columns.join("; ")}`);
    if (at < 0) continue;
    if (want.whole !== false && keys.length !== Object.keys(column).length)
      faults.push(`${heading}: ${keys.length} rows, not ${Object.keys(column).length}`);
    for (const [key, number] of Object.entries(column)) {
      const row = keys.indexOf(key);
      if (row < 0) faults.push(`${heading}: no row ${key}`);
      else if (!same(numberOf(table.rows[row][at]), number)) faults.push(`${heading}, ${key}: ${table.rows[row][at]}, not ${number}`);
    }
  }
  return faults;
}

async function numbers(page, list, also) {
  await ok("there are numbers to compare with", () => (list.length > 0 ? null : "none"));
  for (const want of list)
    await ok(`${also}table of ${want.figure} holds the file's numbers: ${Object.values(want.choose ?? { as: "as it opens" }).join(", ")}`, () => against(page, want));
}

// ---- controls ----

// Every select, checkbox and slider of a figure changes what is shown.
async function controls(page, id) {
  const faults = [];
  const count = await page.$$eval(`#${id} form.controls :is(select, input)`, (all) => all.length);
  for (let i = 0; i < count; i++) {
    const control = (await page.$$(`#${id} form.controls :is(select, input)`))[i];
    if (!control) break; // another choice took it away
    const { kind, name, n } = await control.evaluate((e) => ({ kind: e.type, name: e.name, n: e.options?.length ?? Number(e.max) + 1 }));
    const before = await shown(page, id);
    const again = async () => (await page.$$(`#${id} form.controls :is(select, input)`))[i];
    let changed = n < 2 && kind !== "checkbox";
    if (kind === "select-one") {
      const was = await control.evaluate((e) => e.selectedIndex);
      for (let k = 0; k < Math.min(n, what === "full" ? 8 : 3); k++) {
        await (await again()).selectOption({ index: k });
        changed ||= (await shown(page, id)) !== before;
      }
      await (await again()).selectOption({ index: was });
    } else if (kind === "checkbox") {
      await control.click();
      changed = (await shown(page, id)) !== before;
      await (await again()).click();
    } else {
      await control.focus();
      const keys = (await control.evaluate((e) => Number(e.value))) > 0 ? ["ArrowLeft", "Home", "ArrowRight", "End"] : ["ArrowRight", "End"];
      for (const key of keys) {
        await page.keyboard.press(key);
        changed ||= (await shown(page, id)) !== before;
      }
    }
    if (!changed) faults.push(`${kind} ${name} changes nothing`);
  }
  return faults;
}

// ---- files ----

async function download(page, id, button) {
  const [got] = await Promise.all([page.waitForEvent("download"), page.click(`#${id} .save button:text("${button}")`)]);
  return { name: got.suggestedFilename(), text: readFileSync(await got.path(), "utf8") };
}

function parseCsv(text) {
  const rows = [[]];
  for (const m of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    rows.at(-1).push(m[1] != null ? m[1].replaceAll('""', '"') : m[2]);
    if (m[3] === "\n") rows.push([]);
  }
  rows.pop();
  return rows;
}

async function svgFile(page, id) {
  const { name, text } = await download(page, id, "SVG");
  const found = await blank.evaluate((t) => {
    const d = new DOMParser().parseFromString(t, "image/svg+xml");
    const is = (s) => d.querySelectorAll(s).length;
    return { root: d.documentElement.localName, faults: is("parsererror"), foreign: is("script, img, foreignObject"), shapes: is("path, rect, circle, polyline, polygon") };
  }, text);
  if (name !== `${id.replace("figure-", "")}.svg`) return `is called ${name}`;
  return found.root === "svg" && found.faults === 0 && found.foreign === 0 && found.shapes > 3 ? null : JSON.stringify(found);
}

async function csvFile(page, id) {
  const { text } = await download(page, id, "CSV");
  await openTable(page, id);
  const table = await tableOf(page, id);
  const [head, ...rows] = parseCsv(text);
  const apart = (cell) => (/^[=+\-@]/.test(cell) && !Number.isFinite(Number(cell)) ? "'" + cell : cell);
  if (head.join("|") !== table.columns.map(apart).join("|")) return `headings ${head}, not ${table.columns}`;
  if (rows.length !== table.rows.length || rows.length === 0) return `${rows.length} rows, not ${table.rows.length}`;
  return rows.flatMap((row, i) =>
    row.map((cell, j) => {
      const seen = table.rows[i][j];
      const fits = cell === apart(seen) || same(numberOf(seen), Number(cell));
      return fits ? null : `row ${i}, ${head[j]}: ${cell}, in the table ${seen}`;
    }),
  );
}

// ---- keyboard ----

// Tab through the page: each stop is seen, and the table of each figure opens by Enter.
async function keyboard(page, ids) {
  const left = new Set(ids);
  const faults = [];
  await page.evaluate(() => {
    for (const d of document.querySelectorAll("details")) d.open = false;
    document.querySelector("a").focus();
  });
  for (let i = 0; i < 400 && left.size > 0; i++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const e = document.activeElement;
      const s = getComputedStyle(e);
      return {
        text: `${e.tagName} ${e.name ?? e.textContent?.slice(0, 30) ?? ""}`,
        ring: s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2,
        table: e.matches("details.table > summary") ? e.closest("figure").id : null,
      };
    });
    if (at.text.startsWith("BODY")) break;
    if (!at.ring) faults.push(`focus is not seen on ${at.text}`);
    if (at.table == null) continue;
    await page.keyboard.press("Enter");
    await page.waitForFunction((id) => document.querySelector(`#${id} table`)?.checkVisibility(), at.table, { timeout: 5000 }).catch(() => {});
    await page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)))); // it is filled anew
    const table = await tableOf(page, at.table);
    if (!table.seen || !table.plain || table.caption.length < 10 || table.rows.length === 0)
      faults.push(`${at.table}: ${JSON.stringify({ ...table, rows: table.rows.length })}`);
    left.delete(at.table);
  }
  for (const id of left) faults.push(`${id}: its table is not reached`);
  return faults;
}

// ---- looks ----

// WCAG 2.2 AA: texts 4.5 against what is behind them (large ones 3), edges of controls 3.
const contrast = (page) =>
  page.evaluate(() => {
    const parse = (c) => {
      const m = c.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
      return { rgb: m.slice(0, 3), a: m[3] ?? 1 };
    };
    const light = ({ rgb }) =>
      rgb.map((v) => v / 255).reduce((sum, v, i) => sum + [0.2126, 0.7152, 0.0722][i] * (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4), 0);
    const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
    // The last shape without transparency that was drawn under the middle of a text.
    const under = (text, svg) => {
      const box = text.getBoundingClientRect();
      const middle = new DOMPoint(box.left + box.width / 2, box.top + box.height / 2);
      let fill = null;
      for (const e of svg.querySelectorAll("rect, path, circle, polygon, text")) {
        if (e === text) break;
        const s = getComputedStyle(e);
        const solid = e.tagName !== "text" && parse(s.fill).a * s.fillOpacity * s.opacity === 1;
        if (solid && s.fill !== "none" && e.isPointInFill(middle.matrixTransform(e.getScreenCTM().inverse()))) fill = parse(s.fill);
      }
      return fill;
    };
    const behind = (e) => {
      for (let p = e; p; p = p.parentElement) {
        const c = parse(getComputedStyle(p).backgroundColor);
        if (c.a === 1) return c;
      }
      return { rgb: [255, 255, 255], a: 1 };
    };
    const faults = new Set();
    for (const e of document.querySelectorAll("body *")) {
      const s = getComputedStyle(e);
      if (!e.checkVisibility() || e.closest("script, style, option, defs")) continue;
      const has = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
      const size = parseFloat(s.fontSize);
      const least = size >= 24 || (size >= 18.66 && s.fontWeight >= 700) ? 3 : 4.5;
      const svg = e.closest("svg");
      const r = ratio(parse(svg ? s.fill : s.color), (svg && under(e, svg)) || behind(svg ? svg.parentElement : e));
      if (has && r < least)
        faults.add(`${e.tagName} "${e.textContent.trim().slice(0, 30)}": ${r.toFixed(2)}`);
      if (e.matches("select, button") && ratio(parse(s.borderTopColor), behind(e.parentElement)) < 3)
        faults.add(`edge of ${e.tagName}: ${ratio(parse(s.borderTopColor), behind(e.parentElement)).toFixed(2)}`);
    }
    return [...faults];
  });

// What sticks out of the page to the right.
const wide = (page) =>
  page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const all = document.documentElement.scrollWidth > width ? [...document.querySelectorAll("body *")] : [];
    return all
      .filter((e) => e.getBoundingClientRect().right > width + 1 && !e.closest(".scroll, nav, pre, .chart > *"))
      .map((e) => `${e.tagName} ${e.getAttribute("class") ?? ""} ${e.id} reaches ${Math.round(e.getBoundingClientRect().right)} of ${width}`)
      .concat(document.documentElement.scrollWidth > width ? [`the page scrolls to ${document.documentElement.scrollWidth}`] : []);
  });

// Texts of a drawing that run over its edge.
const cut = (page) =>
  page.$$eval(".chart svg text", (all) =>
    all.map((t) => {
      const [box, edge] = [t.getBoundingClientRect(), t.closest("svg").getBoundingClientRect()];
      const over = Math.max(edge.left - box.left, box.right - edge.right, edge.top - box.top, box.bottom - edge.bottom);
      return box.width > 0 && over > 2 ? `${t.closest("figure").id}: "${t.textContent.slice(0, 30)}" by ${Math.round(over)}` : null;
    }),
  );

const back = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const drawing = (page) => page.$$eval(".chart svg", (all) => all.map((s) => s.outerHTML).join("\n"));

// As it is for paper, which page.pdf does by itself.
async function printed(page, check) {
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  const said = await check();
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await page.emulateMedia({ media: "screen" });
  return said;
}

async function looks(shots) {
  const name = basename(file, ".html");
  mkdirSync(shots, { recursive: true });
  const light = await open({ colorScheme: "light" });
  await ok("light: contrast", () => contrast(light.page));
  await ok("wide screen: nothing sticks out", async () => [...(await wide(light.page)), ...(await cut(light.page))]);
  await light.page.screenshot({ path: `${shots}/${name}-light.png`, fullPage: true });
  if (what !== "static")
    await ok("the button makes it dark and light again, drawings too", async () => {
      const before = [await back(light.page), await drawing(light.page)];
      await light.page.click("#theme");
      const dark = [await back(light.page), await drawing(light.page)];
      await light.page.click("#theme");
      const after = [await back(light.page), await drawing(light.page)];
      return dark[0] !== before[0] && dark[1] !== before[1] && after[0] === before[0] && after[1].length === before[1].length ? null : `${before[0]} ${dark[0]} ${after[0]}`;
    });
  await ok("print: charts fit on A4", () =>
    printed(light.page, async () => {
      const size = await light.page.$$eval(".chart svg[width]", (all) => all.map((s) => [s.closest("figure").id, s.getBoundingClientRect().width]));
      return [...size.map(([id, w]) => (w > 690 ? `${id}: ${w} pixels` : null)), ...(await cut(light.page))];
    }),
  );
  const dark = await open({ colorScheme: "dark" });
  await ok("dark where the system is: contrast", async () => ((await back(dark.page)) === (await back(light.page)) ? "not dark" : contrast(dark.page)));
  await dark.page.screenshot({ path: `${shots}/${name}-dark.png`, fullPage: true });
  await dark.page.pdf({ path: `${shots}/${name}-print.pdf`, format: "A4", printBackground: true });
  await ok("print: on white where the screen is dark", () =>
    printed(dark.page, async () => ((await back(dark.page)) === "rgb(255, 255, 255)" ? contrast(dark.page) : back(dark.page))),
  );
  const phone = await open({ colorScheme: "light", viewport: { width: 390, height: 844 } });
  await ok("phone: nothing sticks out, no scrolling sideways", async () => [...(await wide(phone.page)), ...(await cut(phone.page))]);
  await phone.page.screenshot({ path: `${shots}/${name}-phone.png`, fullPage: true });
  await ok("no look has a message or a request", () => [...light.heard, ...dark.heard, ...phone.heard]);
}

// ---- pages ----

async function eachFigure(page, ids, also) {
  for (const id of ids) {
    await ok(`${also}${id} has marks`, async () => ((await marks(page, id)) > 0 ? null : "none"));
    await ok(`${also}${id}: every control changes what is shown`, () => controls(page, id));
    await ok(`${also}${id} is saved as SVG`, () => svgFile(page, id));
    await ok(`${also}${id} is saved as CSV, as in its table`, () => csvFile(page, id));
  }
}

async function full(list, shots) {
  const { page, heard } = await open();
  const ids = await figures(page);
  await ok("the page has figures", () => (ids.length > 0 ? null : "none"));
  await ok("loading it gives no message and no request", () => heard.splice(0));
  await ok("no figure without an id", async () => ((await page.$$("figure:not([id])")).length > 0 ? "there is one" : null));
  if (list) await numbers(page, list, "");
  await eachFigure(page, ids, "");
  await ok("tables open by keyboard, focus is seen", () => keyboard(page, ids));
  await ok("using it gives no message and no request", () => heard);
  await looks(shots);
}

// A page that has little to show.
async function opens() {
  const { page, heard } = await open();
  await ok(`${file}: all is drawn, without a message or a request`, () => heard);
  await ok(`${file}: it says something`, async () => ((await page.$$("section h2")).length > 0 ? null : "no section"));
}

async function names() {
  const { page, heard } = await open();
  await ok("names that are markup are shown as text", async () => {
    const seen = await page.evaluate(() => {
      const of = (selector) => [...document.querySelectorAll(selector)].map((e) => e.textContent).join(" ");
      return { text: of("main :is(h1, h2, h3, p, li, dd, td)"), choices: of("option"), drawing: of(".chart svg text") };
    });
    return Object.keys(seen).map((k) => (seen[k].includes(evil.slice(0, 13)) ? null : `not in the ${k}`));
  });
  await eachFigure(page, await figures(page), "names that are markup: ");
  await ok("names that are markup make no element", async () => {
    const found = await page.evaluate(() => document.querySelectorAll("img, [onerror]").length);
    const scripts = await page.evaluate(() => [...document.scripts].filter((s) => s.type !== "application/json").length);
    return found === 0 && scripts === 1 ? null : `${found} elements, ${scripts} scripts`;
  });
  await ok("names that are markup run nothing", () => heard);
}

async function still(list, shots) {
  const { page, heard } = await open();
  const ids = await figures(page);
  await ok("static page: figures, and no script", async () => ((await page.$$("script")).length > 0 || ids.length === 0 ? `${ids}` : null));
  await ok("static page: every picture is in a figure, with its table", () =>
    page.$$eval("svg", (all) => all.map((s) => (s.closest("figure[id] .chart") && s.closest("figure").querySelector("table") ? null : s.getAttribute("aria-label")))),
  );
  for (const id of ids) await ok(`static page: ${id} has marks`, async () => ((await marks(page, id)) > 0 ? null : "none"));
  await numbers(page, list, "static page: ");
  await ok("static page: tables open by keyboard", () => keyboard(page, ids));
  await ok("static page: no message, no request", () => heard);
  await looks(shots);
}

if (what === "full") await full(JSON.parse(readFileSync(rest[0])).filter((n) => !n.static), rest[1]);
else if (what === "other") await full(null, rest[0]);
else if (what === "opens") await opens();
else if (what === "names") await names();
else await still(JSON.parse(readFileSync(rest[0])).filter((n) => n.static), rest[1]);
await browser.close();
