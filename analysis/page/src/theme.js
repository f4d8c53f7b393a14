// Colours of charts. Categories: Okabe and Ito's, that the colour-blind tell apart; heat: cividis.
const light = {
  text: "#1b1f24",
  quiet: "#59636e",
  line: "#d1d9e0",
  back: "#ffffff",
  base: "#6e7781",
  category: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a5195", "#8c6d31"],
  heat: ["#fff8e1", "#fee8a8", "#f5b85c", "#dd7a32", "#a63d1d", "#5a1608"],
  heatInk: ["#1b1f24", "#ffffff"], // what is written on the first and on the last of them
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
  heatInk: ["#e6edf3", "#0d1117"],
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
