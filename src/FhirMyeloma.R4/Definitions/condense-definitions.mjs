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

/** Fields of a line; empty ones at its end are left out. */
const line = (...fields) => lines.push(fields.join("\t").replace(/\t+$/, ""));

/** A binding as three fields: the value sets of a required, of an extensible, and of a maximum binding. */
const bindingOf = (element) => {
  const binding = element.bind;
  const sets = [binding?.s === "required" ? binding.vs : "", binding?.s === "extensible" ? binding.vs : "", binding?.max ?? ""];
  for (const set of sets) if (set) usedValueSets.add(set);
  return sets;
};

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
  const [, extensible, maximum] = bindingOf(type.el[name] ?? {});
  line("T", name, type.kind, type.base ?? "", type.abstract ? "abstract" : "", type.constrains ?? "", extensible, maximum);
  for (const [path, element] of Object.entries(type.el)) {
    const dot = path.indexOf(".");
    if (dot < 0 || (type.kind === "primitive-type" && path.endsWith(".value"))) continue;
    const [required, extensible, maximum] = bindingOf(element);
    line(
      "E",
      path.slice(dot + 1),
      element.min,
      element.max,
      (element.types ?? []).map((t) => typeText(t, path, type)).join("|"),
      required,
      element.ref ? element.ref.slice(element.ref.indexOf(".") + 1) : "",
      extensible,
      maximum,
      (element.isModifier ? "m" : "") + (element.isSummary && type.kind === "resource" ? "s" : ""),
    );
  }
  for (const [path, element] of Object.entries(type.el)) {
    for (const rule of element.con ?? []) {
      const dot = path.indexOf(".");
      line("I", dot < 0 ? "" : path.slice(dot + 1), rule.key, rule.sev, rule.bestPractice ? "b" : "", rule.expr);
    }
  }
}

// Only those that can be enumerated: the others cannot be decided by a list.
for (const url of [...usedValueSets].sort()) {
  const valueSet = valueSets[url];
  if (!valueSet || valueSet.open?.length) continue;
  line("V", url);
  for (const system of Object.keys(valueSet.codes).sort())
    line("C", system, ...[...valueSet.codes[system]].sort());
}

const text = lines.join("\n") + "\n";
const packed = brotliCompressSync(Buffer.from(text, "utf8"), {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 },
});
writeFileSync(join(here, "r4-definitions.txt.br"), packed);
console.log(`${lines.length} lines, ${text.length} bytes, ${packed.length} compressed`);
