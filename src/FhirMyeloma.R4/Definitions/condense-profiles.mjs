// Condenses the profiles and extension definitions of FHIR R4 into the resource that the library embeds.
//
//   node condense-profiles.mjs <folder with r4-types.json, r4-profiles.json and r4-extensions.json>
//
// Input: HL7's package hl7.fhir.r4.core#4.0.1 (CC0-1.0) already reduced to facts, snapshots without prose. Output:
// r4-profiles.ndjson.br beside this script: one StructureDefinition a line whose differential holds what the snapshot adds
// to the parent, and nothing that a validator does not use. The project builds from the committed output, never from the input.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const folder = process.argv[2];
if (!folder) {
  console.error("usage: node condense-profiles.mjs <folder with r4-types.json, r4-profiles.json and r4-extensions.json>");
  process.exit(2);
}
const here = dirname(fileURLToPath(import.meta.url));
const read = (name) => JSON.parse(readFileSync(join(folder, name), "utf8"));
const { types } = read("r4-types.json");
const { profiles } = read("r4-profiles.json");
const { extensions } = read("r4-extensions.json");

const core = "http://hl7.org/fhir/StructureDefinition/";
const canonical = (url) => (/^(https?|urn):/.test(url) ? url : core + url);
const lastDot = (path) => path.lastIndexOf(".");
const withoutLastSlice = (id) => {
  const head = id.slice(0, lastDot(id) + 1);
  const tail = id.slice(lastDot(id) + 1);
  return tail.includes(":") ? head + tail.slice(0, tail.indexOf(":")) : undefined;
};

/** The definition of the element in the base types; undefined where the type of a step is open. */
const inBaseTypes = (id, profile) => {
  let owner = profile.type;
  let path = owner;
  let found = types[owner].el[owner];
  const segments = id.split(".");
  let prefix = segments[0];
  for (const segment of segments.slice(1)) {
    prefix += "." + segment;
    const name = segment.replace(/:.*/, "");
    if (found?.ref) path = found.ref;
    let next = types[owner].el[`${path}.${name}`];
    if (!next) {
      const parentId = prefix.slice(0, lastDot(prefix));
      const stated = profile.el[parentId]?.types ?? found?.types ?? [];
      if (stated.length !== 1 || !types[stated[0].c]) return undefined;
      owner = path = stated[0].c;
      next = types[owner].el[`${owner}.${name}`];
      if (!next) return undefined;
    }
    path = `${path}.${name}`;
    found = next;
  }
  return found;
};

const same = (left, right) => JSON.stringify(left) === JSON.stringify(right);
const withoutNotes = (binding) => binding && { s: binding.s, vs: binding.vs, max: binding.max };

/** What the element adds to its parent as a differential element; undefined when that is nothing. */
const differential = (id, element, profile, parent) => {
  const base = parent?.el[id] ?? (element.slice ? profile.el[withoutLastSlice(id)] : undefined) ?? inBaseTypes(id, profile) ?? {};
  const isNew = element.slice && !parent?.el[id];
  const out = {};
  if (element.slice) out.sliceName = element.slice;
  if (element.slicing && !same(element.slicing, base.slicing))
    out.slicing = {
      discriminator: element.slicing.d.map(([type, path]) => ({ type, path })),
      ...(element.slicing.ordered ? { ordered: true } : {}),
      rules: element.slicing.rules,
    };
  if (isNew || (element.min ?? 0) !== (base.min ?? 0)) out.min = element.min ?? 0;
  if (isNew || element.max !== base.max) out.max = element.max;
  if (element.types?.length > 0 && element.max !== "0" && !same(element.types, base.types))
    out.type = element.types.map((type) => ({
      code: type.c.startsWith("System.") ? (type.fhir ?? "string") : type.c,
      ...(type.profile ? { profile: type.profile.map(canonical) } : {}),
      ...(type.target ? { targetProfile: type.target.map(canonical) } : {}),
      ...(type.aggregation ? { aggregation: type.aggregation } : {}),
      ...(type.versioning ? { versioning: type.versioning } : {}),
    }));
  if (element.ref && element.ref !== base.ref) out.contentReference = "#" + element.ref;
  for (const key of ["fixed", "pattern", "minValue", "maxValue"])
    if (element[key] && !same(element[key], base[key])) out[key + element[key].t] = element[key].v;
  if (element.maxLength && element.maxLength !== base.maxLength) out.maxLength = element.maxLength;
  const constraints = (element.con ?? []).filter((one) => one.expr && !(base.con ?? []).some((other) => other.key === one.key && other.expr === one.expr));
  if (constraints.length > 0)
    out.constraint = constraints.map((one) => ({
      ...(one.bestPractice ? { extension: [{ url: core + "elementdefinition-bestpractice", valueBoolean: true }] } : {}),
      key: one.key,
      severity: one.sev,
      expression: one.expr,
    }));
  if (element.isModifier && !base.isModifier) out.isModifier = true;
  if (element.bind && element.bind.vs && ["required", "extensible"].includes(element.bind.s) && !same(withoutNotes(element.bind), withoutNotes(base.bind)))
    out.binding = {
      ...(element.bind.max ? { extension: [{ url: core + "elementdefinition-maxValueSet", valueCanonical: element.bind.max }] } : {}),
      strength: element.bind.s,
      valueSet: element.bind.vs,
    };
  return Object.keys(out).length === 0 ? undefined : { id, path: id.replace(/:[^.]*/g, ""), ...out };
};

const definition = (url, profile, extra) => {
  const parent = profiles[profile.base] ?? undefined;
  const elements = Object.entries(profile.el).map(([id, element]) => differential(id, element, profile, parent)).filter(Boolean);
  return JSON.stringify({
    resourceType: "StructureDefinition",
    url,
    version: "4.0.1",
    status: "active",
    kind: profile.kind,
    abstract: profile.abstract ?? false,
    ...extra,
    type: profile.type,
    baseDefinition: canonical(profile.base),
    derivation: "constraint",
    differential: { element: elements.length > 0 ? elements : [{ id: profile.type, path: profile.type }] },
  });
};

const lines = [];
for (const name of Object.keys(profiles).sort()) lines.push(definition(canonical(name), profiles[name], {}));
for (const url of Object.keys(extensions).sort()) {
  const extension = extensions[url];
  lines.push(definition(url, { kind: "complex-type", type: "Extension", base: "Extension", el: extension.el }, {
    ...(extension.context ? { context: extension.context.map(([type, expression]) => ({ type, expression })) } : {}),
    ...(extension.inv ? { contextInvariant: extension.inv } : {}),
  }));
}

const text = lines.join("\n") + "\n";
const packed = brotliCompressSync(Buffer.from(text, "utf8"), {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 },
});
writeFileSync(join(here, "r4-profiles.ndjson.br"), packed);
console.log(`${lines.length} definitions, ${text.length} bytes, ${packed.length} compressed`);
