// Numbers and dates as they are read.
const plain = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 4 });

export function number(x) {
  return x == null ? "" : plain.format(x);
}

// 1.23e9 -> "1.23 bn"; for axes and sentences.
export function short(x) {
  if (x == null) return "-";
  const size = Math.abs(x);
  for (const [at, unit] of [
    [1e12, "tn"],
    [1e9, "bn"],
    [1e6, "m"],
    [1e3, "k"],
  ])
    if (size >= 0.9995 * at) return `${trim(x / at)} ${unit}`;
  return trim(x);
}
function trim(x) {
  const size = Math.abs(x);
  if (size === 0) return "0";
  return String(Number(x.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.0995 ? 2 : 4)));
}

// "1" is no unit.
export function unitOf(unit) {
  return unit === "1" ? "" : unit;
}
export function withUnit(x, unit) {
  return unit === "1" ? short(x) : `${short(x)} ${unit}`;
}

export function percent(x, digits = 0) {
  return x == null ? "-" : `${(100 * x).toFixed(digits)} %`;
}

// Days since `start` (ISO) as a date (ISO).
export function date(start, day) {
  if (day == null) return "-";
  return new Date(Date.parse(start + "T00:00:00Z") + 864e5 * Math.floor(day)).toISOString().slice(0, 10);
}

// Kilograms as kg, t or kt; all else as it is.
export function amount(x, unit) {
  if (x == null) return "-";
  if (unit !== "kg") return `${short(x)} ${unit}`;
  const size = Math.abs(x);
  if (size >= 0.9995e6) return `${trim(x / 1e6)} kt`;
  return size >= 999.5 ? `${trim(x / 1e3)} t` : `${trim(x)} kg`;
}

// "dy" -> "Dy", "ndpr" -> "NdPr": ids of elements as their symbols.
export function element(id) {
  return /^([a-z]|([a-z]{2}){1,2})$/.test(id) ? id.replace(/[a-z]{1,2}/g, (s) => s[0].toUpperCase() + s.slice(1)) : id;
}

// Numbers as ana_json_packed writes them: three letters each.
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const LETTER = new Map([...LETTERS].map((c, i) => [c, i]));
export function unpack(text) {
  const to = [];
  for (let i = 0; i < text.length; i += 3) {
    const code = (LETTER.get(text[i]) << 12) | (LETTER.get(text[i + 1]) << 6) | LETTER.get(text[i + 2]);
    const k = code - 1;
    to.push(code === 0x3ffff ? null : code === 0 ? 0 : Number(`${1000 + (k % 9000)}e${Math.floor(k / 9000) - 12}`));
  }
  return to;
}
