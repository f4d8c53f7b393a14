// Elements, and files that the reader saves. Text is only ever set as text.
export function el(name, attributes, ...children) {
  const e = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {}))
    if (key.startsWith("on")) e.addEventListener(key.slice(2), value);
    else if (value === true) e.setAttribute(key, "");
    else if (value !== false && value != null) e.setAttribute(key, value);
  for (const child of children.flat())
    if (child != null) e.append(child instanceof Node ? child : document.createTextNode(child));
  return e;
}

export function read(id) {
  const e = document.getElementById(id);
  return e ? JSON.parse(e.textContent) : null;
}

export function save(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const a = el("a", { href: url, download: name });
  document.body.append(a);
  a.click();
  a.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

// RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe.
export function csv(rows) {
  const cell = (x) => {
    if (x == null) return "";
    if (typeof x === "number") return String(x);
    const text = /^[=+\-@\t\r]/.test(x) ? "'" + x : x;
    return /[",\n\r]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  };
  return rows.map((row) => row.map(cell).join(",") + "\n").join("");
}
