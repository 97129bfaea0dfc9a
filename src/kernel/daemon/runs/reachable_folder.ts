/**
 * Whether the daemon can work where a client is: a service's folders may be closed to it.
 * @module
 */
import type { HostedRunParams } from "../../../protocol/daemon_calls.ts";
import { parseCommandLine } from "../../command_line.ts";
import { workspaceOf } from "../../place.ts";
import type { Run } from "../../run.ts";
import { contains } from "../../workspace.ts";

/** Tries to write there, where that could be closed. What is wrong with the command line is told by its run. */
export function mayWork(
  { environment, userHome }: Run,
  { args, folder }: HostedRunParams,
): boolean {
  if (!environment.isService) return true;
  try {
    const workspace = workspaceOf(parseCommandLine(args), folder);
    if (userHome !== undefined && contains(Deno.realPathSync(userHome), workspace)) return true;
    Deno.removeSync(Deno.makeTempFileSync({ dir: workspace, prefix: ".pyra-" }));
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}
