// Writes the API's types from docs/openapi.json; with --check, says whether those that are checked in are up to date.
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const DOCUMENT = new URL("../../docs/openapi.json", import.meta.url);
const TYPES = new URL("../src/lib/api/schema.gen.ts", import.meta.url);

const document = JSON.parse(readFileSync(DOCUMENT, "utf8"));
// The dashboard uses the views; the paths are written out, by name, in lib/api/index.ts.
const views = { ...document, paths: {} };
const types = astToString(await openapiTS(views, { defaultNonNullable: false }));
const text = `// Written by \`npm run gen\` from docs/openapi.json. Not edited by hand.\n${types}`;

if (!process.argv.includes("--check")) {
  writeFileSync(TYPES, text);
} else if (readFileSync(TYPES, "utf8") !== text) {
  console.error("src/lib/api/schema.gen.ts is older than docs/openapi.json: npm run gen");
  process.exit(1);
}
