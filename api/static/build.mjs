// Copies what the pages load from node_modules to vendor/, each file under a name that holds its own hash, with a
// gzipped copy beside it, and writes vendor/manifest.json (plain name to hashed name). Running it again changes nothing.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "..", "..", "node_modules");
const vendor = join(here, "vendor");

// Tabler's own script is left out: menus on these pages are plain <details>. ECharts' "common" build has lines, bars,
// marked lines and zoom, which is all the charts here use.
const files = [
  "@tabler/core/dist/css/tabler.min.css",
  "htmx.org/dist/htmx.min.js",
  "echarts/dist/echarts.common.min.js",
  "leaflet/dist/leaflet.css",
  "leaflet/dist/leaflet.js",
  // Reads labels where the browser itself cannot. The package would fetch its wasm from elsewhere; it is served here.
  ["barcode-detector/dist/iife/ponyfill.js", "barcode.js"],
  ["zxing-wasm/dist/reader/zxing_reader.wasm", "barcode.wasm"],
];

const sourceMap = /\n?(\/\/# sourceMappingURL=\S+|\/\*# sourceMappingURL=\S+ \*\/)\s*$/;

mkdirSync(vendor, { recursive: true });
const manifest = {};
const kept = new Set(["manifest.json", ".built"]);
for (const entry of files) {
  const [file, plain] = Array.isArray(entry) ? entry : [entry, basename(entry).replace(/\.min(?=\.)/, "")];
  const extension = extname(file);
  const bytes = readFileSync(join(modules, file));
  const text = extension === ".wasm" ? bytes : bytes.toString("utf8").replace(sourceMap, "\n");
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  const hashed = `${basename(plain, extension)}.${hash}${extension}`;
  writeFileSync(join(vendor, hashed), text);
  writeFileSync(join(vendor, `${hashed}.gz`), gzipSync(text, { level: 9 }));
  manifest[plain] = hashed;
  kept.add(hashed).add(`${hashed}.gz`);
}
writeFileSync(join(vendor, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
for (const name of readdirSync(vendor)) {
  if (!kept.has(name)) rmSync(join(vendor, name), { recursive: true });
}
