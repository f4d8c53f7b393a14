// node build.mjs ENTRY OUT, beside node_modules: a script and all it uses as one, the same bytes every
// time.
import { build } from "esbuild";
import { resolve } from "node:path";

const [entry, out] = process.argv.slice(2);

await build({
  entryPoints: [entry],
  outfile: out,
  nodePaths: [resolve("node_modules")],
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  charset: "ascii",
  legalComments: "eof",
  logLevel: "warning",
});
