/**
 * The part of the composition root that offers the tools of plugins' servers. Loaded where an enabled
 * plugin brings one.
 * @module
 */
import type { CommandContext } from "./commands/context.ts";
import { KeptListings } from "./mcp/kept_listings.ts";
import { type ServerTools, serverTools } from "./mcp/server_tools.ts";
import type { DescribedPlugin } from "./plugins/catalogue.ts";
import { grantedEffects } from "./plugins/effects.ts";
import { kernelRooms } from "./plugins/rooms.ts";

/** The tools of the servers that the plugins bring. @throws the signal's reason */
export async function openServerTools(
  context: CommandContext,
  plugins: readonly DescribedPlugin[],
): Promise<ServerTools> {
  const { kernel, boot: { profile, workspace }, now, signal } = context;
  return await serverTools(plugins, {
    rooms: kernelRooms(kernel),
    kept: new KeptListings(profile.cache),
    effects: ({ wishes }, host) =>
      grantedEffects([{ kind: "network", host }], { wishes, workspace }),
    suspicions: async (text) => {
      const { config: { security } } = await context.loadConfig();
      if (!security.injection_detection) return [];
      const { scan } = await import("./guard/injection.ts");
      const grave = scan(text).filter(({ severity }) => severity === "high");
      return [...new Set(grave.map(({ label }) => label))];
    },
    now,
  }, signal);
}
