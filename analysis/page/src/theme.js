// Colours of charts. Categories: Okabe and Ito's, that the colour-blind tell apart; heat: cividis.
const light = {
  text: "#1b1f24",
  quiet: "#59636e",
  line: "#d1d9e0",
  back: "#ffffff",
  base: "#6e7781",
  category: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a5195", "#8c6d31"],
  heat: ["#fff8e1", "#fee8a8", "#f5b85c", "#dd7a32", "#a63d1d", "#5a1608"],
  map: "#eef1f4",
  mapLine: "#c4ccd4",
  rule: "rgba(80,90,100,0.10)",
};
const dark = {
  text: "#e6edf3",
  quiet: "#9da7b1",
  line: "#3d444d",
  back: "#0d1117",
  base: "#9da7b1",
  category: ["#4aa8e0", "#f08a3c", "#2fc49a", "#e59cc4", "#f2b840", "#8fd0f5", "#b48ad8", "#c9a663"],
  heat: ["#1d2329", "#463a2a", "#80552f", "#bd7132", "#ee9a4d", "#ffd9a0"],
  map: "#1c2128",
  mapLine: "#444c56",
  rule: "rgba(200,210,220,0.12)",
};

const dark_wanted = matchMedia("(prefers-color-scheme: dark)");
const listeners = [];
let printing = false;

export function theme() {
  const asked = document.documentElement.dataset.theme;
  const isDark = !printing && (asked ? asked === "dark" : dark_wanted.matches);
  return isDark ? dark : light;
}
export const lightTheme = light;

// Black or white, whichever is read better on the heat ramp at 0..1 of it.
export function ink(colours, share) {
  const at = Math.min(1, Math.max(0, share)) * (colours.heat.length - 1);
  const [a, b] = [Math.floor(at), Math.ceil(at)].map((i) => [1, 3, 5].map((k) => parseInt(colours.heat[i].slice(k, k + 2), 16) / 255));
  const light = a
    .map((x, i) => x + (b[i] - x) * (at - Math.floor(at)))
    .reduce((sum, v, i) => sum + [0.2126, 0.7152, 0.0722][i] * (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4), 0);
  return 1.05 / (light + 0.05) > (light + 0.05) / 0.05 ? "#ffffff" : "#000000";
}

// Width of a chart: on paper what A4 and Letter have room for, else what its place has.
export function printWidth() {
  return printing ? "660px" : "";
}

export function onTheme(listener) {
  listeners.push(listener);
}
function changed() {
  for (const listener of listeners) listener();
}

// A button that goes from what the system says to the other and back.
export function themeButton(button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const root = document.documentElement;
    if (root.dataset.theme) delete root.dataset.theme;
    else root.dataset.theme = dark_wanted.matches ? "light" : "dark";
    changed();
  });
}

dark_wanted.addEventListener("change", changed);
addEventListener("beforeprint", () => {
  printing = true;
  changed();
});
addEventListener("afterprint", () => {
  printing = false;
  changed();
});
