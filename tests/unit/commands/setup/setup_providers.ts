/**
 * Providers as set-up meets them.
 * @module
 */
import { type CommandContext } from "../../../../src/commands/context.ts";
import { PyraError } from "../../../../src/protocol/error.ts";
import { echoProvider, scriptedProvider, TestProfile } from "../../../fakes/command_context.ts";
import { kernelError } from "../../../fakes/kernel.ts";

type Open = CommandContext["openProvider"];

/** A provider that lists these models. */
export function listing(...models: string[]): Open {
  return ({ provider }) =>
    Promise.resolve(scriptedProvider(provider, echoProvider(provider).stream, models));
}

/** The first calls have no key; what `storeProviderKey` is answered with comes from the test. */
export function keyless(stored: { value: boolean }): Open {
  return ({ provider }) =>
    stored.value
      ? Promise.resolve(scriptedProvider(provider, echoProvider(provider).stream, ["m1"]))
      : Promise.reject(kernelError("no_key", `there is no key for ${provider}`, "set it up"));
}

/** A provider whose check fails. */
export function failing(code: string): Open {
  return ({ provider }) =>
    Promise.resolve({
      ...echoProvider(provider),
      listModels: () => Promise.reject(new PyraError("api", code, "it went wrong")),
    });
}

/** No settings were written. */
export const NO_CONFIG = Deno.errors.NotFound;

/** The settings file. */
export async function settings(profile: TestProfile): Promise<string> {
  return await Deno.readTextFile(profile.configPath);
}
