/**
 * Plugins whose tasks wait, as a messenger's would.
 * @module
 */
import { run } from "../../e2e/command.ts";

const CODE = `export default {
  tasks: [{
    name: "wait",
    async run(context) {
      while (!context.signal.aborted) {
        await new Promise((resolve) => {
          const timer = setTimeout(resolve, 30_000);
          context.signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
        });
      }
    },
  }],
};
`;

/** Installs so many and enables them. @throws if one cannot be installed */
export async function addPlugins(
  home: string,
  env: Record<string, string>,
  count: number,
): Promise<void> {
  const source = await Deno.makeTempDir();
  try {
    for (let plugin = 0; plugin < count; plugin++) {
      const name = `waits-${plugin}`;
      const manifest = { name, version: "1.0.0", description: "a plugin of the bench" };
      await Deno.mkdir(`${source}/${name}`);
      await Deno.writeTextFile(`${source}/${name}/manifest.json`, JSON.stringify(manifest));
      await Deno.writeTextFile(`${source}/${name}/plugin.js`, CODE);
      const installed = await run(["plugin", "install", `${source}/${name}`, "--yes"], {
        home,
        env,
      });
      if (installed.code !== 0) throw new Error(`no plugin: ${installed.stderr}`);
    }
  } finally {
    await Deno.remove(source, { recursive: true });
  }
}
