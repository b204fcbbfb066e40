// Condenses the search parameters of FHIR R4 into the table that the library embeds.
//
//   node condense-search-parameters.mjs <folder with r4-searchparams.json>
//
// Input: the SearchParameter resources of HL7's package hl7.fhir.r4.core#4.0.1 (CC0-1.0) already reduced to facts. Output:
// r4-search-parameters.txt beside this script; README.md describes its lines. The project builds from the committed output.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = process.argv[2];
if (!folder) {
  console.error("usage: node condense-search-parameters.mjs <folder with r4-searchparams.json>");
  process.exit(2);
}
const here = dirname(fileURLToPath(import.meta.url));
const { searchParameters } = JSON.parse(readFileSync(join(folder, "r4-searchparams.json"), "utf8"));

/** The types that are searched by their content; every other type has the parameters of Resource. */
const types = [
  "Resource", "CarePlan", "ConceptMap", "Condition", "DiagnosticReport", "Encounter", "Medication", "MedicationAdministration",
  "MedicationRequest", "MedicationStatement", "Observation", "Organization", "Patient", "Procedure", "Provenance", "ServiceRequest", "Specimen",
];

/** Examples of how to define a parameter, sounds of a name, and what has no expression or reads extensions of one profile only. */
const isLeftOut = (parameter) =>
  /^example|-phonetic$|-genetic-|^patient-extensions/.test(parameter.id) || !parameter.expr || parameter.expr.includes("extension(");

/** The members of a union that begin at the type. */
const expressionOf = (parameter, type) => {
  const parts = parameter.expr.split(" | ").filter((part) => new RegExp(`^\\(?${type}(?![A-Za-z])`).test(part));
  return parts.length > 0 ? parts.join(" | ") : parameter.expr;
};

const idOf = (url) => url.slice(url.lastIndexOf("/") + 1);
const rows = [];
for (const type of types) {
  for (const parameter of searchParameters) {
    if (!parameter.base?.includes(type) || isLeftOut(parameter)) continue;
    const components = (parameter.component ?? []).map(([url, expression]) => `${idOf(url)}=${expression}`).join(";");
    // Any target is what an element says that names none.
    const targets = (parameter.target ?? []).length > 60 ? "" : [...(parameter.target ?? [])].sort().join(",");
    rows.push([type, parameter.code, parameter.type, parameter.id, expressionOf(parameter, type), targets, components].join("\t").replace(/\t+$/, ""));
  }
}
writeFileSync(join(here, "r4-search-parameters.txt"), rows.sort().join("\n") + "\n");
console.log(`${rows.length} parameters`);
