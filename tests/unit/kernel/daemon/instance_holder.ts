/**
 * Becomes the daemon of many profiles at once at each line `take`, and lets go of them at each line `release`;
 * says of each how it went.
 *
 *     deno run -A instance_holder.ts HOME…
 * @module
 */
import { daemonFiles, Instance } from "../../../../src/kernel/daemon/instance.ts";
import { KernelError } from "../../../../src/kernel/error.ts";
import { profilePaths } from "../../../../src/kernel/profile.ts";

const held: { readonly instance: Instance; readonly listener: Deno.Listener }[] = [];

async function take(home: string): Promise<string> {
  const profile = profilePaths(home);
  try {
    const instance = await Instance.take(profile, daemonFiles(profile.config));
    held.push({ instance, listener: instance.listen() });
    return "taken";
  } catch (error) {
    if (error instanceof KernelError) return error.code;
    throw error;
  }
}

function release(): string {
  for (const { instance, listener } of held.splice(0)) {
    listener.close();
    instance.release();
  }
  return "released";
}

for await (const line of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const answers = line.trim() === "take" ? await Promise.all(Deno.args.map(take)) : [release()];
  await Deno.stdout.write(new TextEncoder().encode(`${answers.join(" ")}\n`));
}
