/**
 * Compiles the executables of a release for all targets, and writes their SHA-256 sums.
 * @module
 */
import { bundle, compile, ENTRIES } from "./compile.ts";

const FOLDER = "dist/release";
const TARGETS = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
];

await Deno.remove(FOLDER, { recursive: true }).catch(() => undefined);
await Deno.mkdir(FOLDER, { recursive: true });
await bundle(ENTRIES, "dist/bundle");
const sums: string[] = [];
for (const target of TARGETS) {
  const name = `pyra-${target}${target.includes("windows") ? ".exe" : ""}`;
  await compile("dist/bundle", "main.js", `${Deno.cwd()}/${FOLDER}/${name}`, target);
  const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(`${FOLDER}/${name}`));
  sums.push(`${new Uint8Array(digest).toHex()}  ${name}\n`);
}
await Deno.writeTextFile(`${FOLDER}/SHA256SUMS`, sums.join(""));
