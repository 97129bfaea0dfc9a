/**
 * The steps of set-up, without questions: find servers, store the key, check the connection, write
 * the settings.
 * @module
 */
import * as z from "zod/mini";
import { initialConfig } from "../../config/initial.ts";
import { readTextIfPresent } from "../../durable/file.ts";
import { PyraError } from "../../protocol/error.ts";
import type { ModelRequest } from "../../protocol/model.ts";
import { type ProviderEntry, PROVIDERS } from "../../providers/table.ts";
import type { CommandContext } from "../context.ts";
import { knownProvider } from "../known_provider.ts";
import { asShown } from "../errors.ts";
import { type OptionValues, textOf } from "../option_values.ts";

/** What the command line says about set-up. */
export interface SetupGiven {
  readonly provider?: string;
  readonly model?: string;
  readonly baseUrl?: string;
}

/** How far a set-up is. It is handed to the next room whenever the kernel may stop this one. */
export const SetupState = z.object({
  provider: z.string(),
  base_url: z.optional(z.string()),
  model: z.optional(z.string()),
  /** Whether the person's key is still to be stored. */
  key: z.enum(["to_store", "settled"]),
});
/** How far a set-up is. */
export type SetupState = z.infer<typeof SetupState>;

const Handed = z.object({ setup: SetupState });

/** The provider's answer to "do you work?". */
export type Check =
  | { readonly kind: "works"; readonly models: readonly string[] }
  | { readonly kind: "fails"; readonly error: PyraError };

/** How long a provider may take to list its models, ms. */
const CHECK_LIMIT_MS = 20_000;
/** Some models refuse a smaller limit. */
const CHECK_OUTPUT_TOKENS = 16;
/** What the options say. */
export function setupGiven(options: OptionValues): SetupGiven {
  const [provider, model] = [textOf(options, "--provider"), textOf(options, "--model")];
  const baseUrl = textOf(options, "--base-url");
  return {
    ...(provider === undefined ? {} : { provider }),
    ...(model === undefined ? {} : { model }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
  };
}

/** What the room before this one had reached, if there was one. */
export function handedState(context: CommandContext): SetupState | undefined {
  const handed = Handed.safeParse(context.boot.remembered);
  return handed.success ? handed.data.setup : undefined;
}

/** Stores the key that the person types or pipes in. The kernel asks for it and stops this room. */
export async function storeKey(context: CommandContext, state: SetupState): Promise<SetupState> {
  await context.kernel.call("remember", { state: { setup: { ...state, key: "to_store" } } });
  const { provider, base_url } = state;
  await context.kernel.call("storeProviderKey", {
    provider,
    ...(base_url === undefined ? {} : { baseUrl: base_url }),
  });
  const settled: SetupState = { ...state, key: "settled" };
  await context.kernel.call("remember", { state: { setup: settled } });
  return settled;
}

/** Asks the provider for its models, or for a word where it has no list. Only an abort is thrown. */
export async function checkProvider(context: CommandContext, state: SetupState): Promise<Check> {
  const entry = await knownProvider(state.provider);
  const model = state.model ?? entry.default_model;
  const choice = { provider: entry.id, model, ...baseUrlOf(state) };
  // To open it the kernel may have to ask: the next room goes on from here.
  await context.kernel.call("remember", { state: { setup: state } });
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(CHECK_LIMIT_MS)]);
  try {
    const provider = await context.openProvider(choice, context.signal);
    if (entry.connectivity_check === "none") return { kind: "works", models: [model] };
    const models = entry.models_path === null ? [] : await provider.listModels(signal);
    if (entry.connectivity_check === "completion" && model !== "") {
      const request: ModelRequest = {
        model,
        messages: [{ role: "user", parts: [{ type: "text", text: "Say hi." }] }],
        max_output_tokens: CHECK_OUTPUT_TOKENS,
        stream: false,
      };
      for await (const event of provider.stream(request, signal)) {
        if (event.type !== "warning") break;
      }
    }
    return { kind: "works", models };
  } catch (thrown) {
    context.signal.throwIfAborted();
    if (signal.aborted) {
      const limit = CHECK_LIMIT_MS / 1_000;
      const error = new PyraError("network", "timeout", `no answer within ${limit} seconds`, {
        hint: "check the address and the network",
        cause: thrown,
      });
      return { kind: "fails", error };
    }
    const error = asShown(thrown);
    // "Cancelled" at the kernel's own question is the person's word.
    if (error.code === "cancelled") throw thrown;
    return { kind: "fails", error };
  }
}

/** Writes the settings, in one piece; everything else in the file stays. */
export async function writeSettings(
  context: CommandContext,
  { provider, model, baseUrl }: { provider: string; model: string; baseUrl?: string | undefined },
): Promise<void> {
  const before = await readTextIfPresent(context.boot.profile.config);
  if (before === undefined || before.trim() === "") {
    const settings = { provider, model, ...(baseUrl === undefined ? {} : { baseUrl }) };
    await context.kernel.call("writeConfig", { text: initialConfig(settings) });
    return;
  }
  const { setValue, unsetValue } = await import("../../config/edit.ts");
  let text = setValue(setValue(before, "ai.provider_id", provider), "ai.model", model);
  text = baseUrl === undefined
    ? unsetValue(text, "ai.base_url")
    : setValue(text, "ai.base_url", baseUrl);
  await context.kernel.call("writeConfig", { text });
}

/** The address that differs from the provider's usual one. */
export function baseUrlOf({ base_url }: SetupState): { readonly baseUrl?: string } {
  return base_url === undefined ? {} : { baseUrl: base_url };
}

/** The providers whose server runs on this machine now. */
export async function runningServers(context: CommandContext): Promise<ProviderEntry[]> {
  const local = PROVIDERS.filter(({ group }) => group === "local");
  // Where the way cannot be opened there is nothing to find either.
  await Promise.allSettled(local.map(({ id }) => context.connect(id)));
  const { findLocalServers } = await import("../../providers/local_servers.ts");
  const found = await findLocalServers(context.fetch, context.signal, local);
  return local.filter(({ id }) => found.some(({ provider }) => provider === id));
}
