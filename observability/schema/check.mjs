// Writes each dashboard down as TypeScript, so that the compiler compares it with Grafana's types: a key that Grafana does not know and a
// value of another type are errors. An `import` of the file would not do: what is imported may have any keys.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const folder = new URL(process.argv[2] ?? "../dashboards/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
if (files.length === 0) throw new Error(`there is no dashboard in ${folder.pathname}`);
const target = new URL("generated/", import.meta.url);
rmSync(target, { recursive: true, force: true });
mkdirSync(target);
for (const file of files) {
  const text = readFileSync(new URL(file, folder), "utf8");
  const { uid } = JSON.parse(text);
  if (`${uid}.json` !== file) throw new Error(`${file} has the uid ${uid}: a board is called as its file`);
  const name = file.replace(".json", ".ts");
  writeFileSync(new URL(name, target), `import type { Board } from "../board";\n\nexport const board: Board = ${text.trim()};\n`);
}
console.log(`${files.length} boards: ${files.join(", ")}`);
