// Condenses the facts of the FHIR R4 definitions into the one resource that the library embeds.
//
//   node condense-definitions.mjs <folder with r4-types.json and r4-valuesets.json>
//
// Input: HL7's package hl7.fhir.r4.core#4.0.1 (CC0-1.0) already reduced to facts. Output: r4-definitions.txt.br beside
// this script; README.md describes its lines. The project builds from the committed output, never from the input.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const folder = process.argv[2];
if (!folder) {
  console.error("usage: node condense-definitions.mjs <folder with r4-types.json and r4-valuesets.json>");
  process.exit(2);
}
const here = dirname(fileURLToPath(import.meta.url));
const { types } = JSON.parse(readFileSync(join(folder, "r4-types.json"), "utf8"));
const { valueSets } = JSON.parse(readFileSync(join(folder, "r4-valuesets.json"), "utf8"));

const lines = [];
const usedValueSets = new Set();

/** Datatypes page of R4: Resource.id is an id and Extension.url a uri, although both definitions say System.String. */
const typeCode = (type, path, owner) => {
  if (!type.c.startsWith("System.")) return type.c;
  if (owner.kind === "resource" && !path.slice(path.indexOf(".") + 1).includes(".") && path.endsWith(".id")) return "id";
  return type.fhir ?? "string";
};

const typeText = (type, path, owner) => {
  const code = typeCode(type, path, owner);
  if (code === "Reference" && type.target?.length) return `${code}(${[...type.target].sort().join(",")})`;
  if (type.profile) return String(type.profile).split("/").pop();
  return code;
};

for (const name of Object.keys(types).sort()) {
  const type = types[name];
  lines.push(["T", name, type.kind, type.base ?? "", type.abstract ? "abstract" : "", type.constrains ?? ""].join("\t"));
  for (const [path, element] of Object.entries(type.el)) {
    const dot = path.indexOf(".");
    if (dot < 0 || (type.kind === "primitive-type" && path.endsWith(".value"))) continue;
    const binding = element.bind?.s === "required" ? element.bind.vs : "";
    if (binding) usedValueSets.add(binding);
    lines.push([
      "E",
      path.slice(dot + 1),
      element.min,
      element.max,
      (element.types ?? []).map((t) => typeText(t, path, type)).join("|"),
      binding,
      element.ref ? element.ref.slice(element.ref.indexOf(".") + 1) : "",
    ].join("\t"));
  }
}

// Only value sets of required bindings, and only those that can be enumerated: the others cannot be decided offline.
for (const url of [...usedValueSets].sort()) {
  const valueSet = valueSets[url];
  if (!valueSet || valueSet.open?.length) continue;
  lines.push(["V", url].join("\t"));
  for (const system of Object.keys(valueSet.codes).sort())
    lines.push(["C", system, ...[...valueSet.codes[system]].sort()].join("\t"));
}

const text = lines.join("\n") + "\n";
const packed = brotliCompressSync(Buffer.from(text, "utf8"), {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 },
});
writeFileSync(join(here, "r4-definitions.txt.br"), packed);
console.log(`${lines.length} lines, ${text.length} bytes, ${packed.length} compressed`);
