/**
 * The wizard: asks for provider, address and model; the kernel asks for the key.
 * @module
 */
import { type ProviderEntry, PROVIDERS } from "../../providers/table.ts";
import type { CommandContext, PromptOption, Prompts } from "../context.ts";
import { knownProvider } from "../known_provider.ts";
import { asShown } from "../errors.ts";
import {
  type Check,
  checkProvider,
  handedState,
  runningServers,
  type SetupGiven,
  type SetupState,
  storeKey,
  writeSettings,
} from "./steps.ts";

/** Said once: without them a model can only talk. */
const HANDS = "To let it use your files and programs, each time with your yes:\n" +
  "pyra plugin install files shell system";

/** What the person decides when the connection cannot be checked. */
type Remedy = "again" | "key" | "back" | "keep";

/**
 * Asks until the settings are written. The person may go back to the choice of the provider; what
 * the command line gives is not asked.
 * @throws {PyraError} `interrupted` when the person cancels; the settings are then as they were
 */
export async function runWizard(context: CommandContext, given: SetupGiven): Promise<void> {
  const prompts = await context.openPrompts();
  let state = handedState(context);
  if (!state) {
    prompts.intro("Pyra needs a model to talk with");
    state = await choose(context, prompts, given);
  }
  let keyStored = false;
  while (true) {
    if (state.key === "to_store") {
      const settled: SetupState | undefined = await settleKey(context, prompts, state);
      keyStored = settled !== undefined;
      state = settled ?? await choose(context, prompts, {});
      continue;
    }
    const { display_name, docs_url } = await knownProvider(state.provider);
    const check = await prompts.busy(`Asking ${display_name}`, checkProvider(context, state));
    if (check.kind === "fails" && check.error.code === "no_key" && !keyStored) {
      if (docs_url !== "") prompts.note(`A key is to be had at ${docs_url}`);
      state = { ...state, key: "to_store" };
      continue;
    }
    const remedy = check.kind === "works" ? "keep" : await askRemedy(prompts, state, check);
    if (remedy === "key") state = { ...state, key: "to_store" };
    else if (remedy === "back") state = await choose(context, prompts, {});
    else if (remedy === "keep") return await finish(context, prompts, state, check);
  }
}

/** The key is asked for by the kernel. `undefined`: it was not given, and the person chooses again. */
async function settleKey(
  context: CommandContext,
  prompts: Prompts,
  state: SetupState,
): Promise<SetupState | undefined> {
  try {
    return await storeKey(context, state);
  } catch (thrown) {
    const error = asShown(thrown);
    if (error.code === "cancelled") throw thrown;
    prompts.note([error.message, error.hint].filter(Boolean).join("\n"));
    return undefined;
  }
}

async function choose(
  context: CommandContext,
  prompts: Prompts,
  given: SetupGiven,
): Promise<SetupState> {
  const entry = given.provider === undefined
    ? await chooseProvider(context, prompts)
    : await knownProvider(given.provider);
  const baseUrl = given.baseUrl ??
    (entry.base_url === null && entry.dialect !== "demo"
      ? await prompts.text({ message: "The address of its API", check: checkAddress })
      : undefined);
  // Without a list of models the check needs to know which one to ask.
  const model = given.model ??
    (entry.models_path === null && entry.default_model === ""
      ? await prompts.text({ message: "The model's name", check: checkName })
      : undefined);
  const key = entry.id === "custom" && await wantsKey(context, prompts) ? "to_store" : "settled";
  return {
    provider: entry.id,
    ...(baseUrl === undefined ? {} : { base_url: baseUrl }),
    ...(model === undefined ? {} : { model }),
    key,
  };
}

/** What is there comes first; Enter takes the first of it, or the demo. */
async function chooseProvider(context: CommandContext, prompts: Prompts): Promise<ProviderEntry> {
  const running = await prompts.busy("Looking for models on this machine", runningServers(context));
  const keys = PROVIDERS.filter(({ id }) => context.boot.environmentKeys.includes(id));
  const others = PROVIDERS.filter((entry) => !running.includes(entry) && !keys.includes(entry));
  const demo = await knownProvider("demo");
  const current = (await context.loadConfig()).config.ai.provider_id;
  return await prompts.select({
    message: "Which one?",
    options: [
      ...running.map((entry) => optionOf(entry, "runs on this machine")),
      ...keys.map((entry) => optionOf(entry, "its key is in the environment")),
      ...others.map((entry) => optionOf(entry, GROUP_HINTS[entry.group])),
    ],
    initial: PROVIDERS.find(({ id }) => id === current) ?? running[0] ?? keys[0] ?? demo,
  });
}

const GROUP_HINTS: Readonly<Record<ProviderEntry["group"], string>> = {
  cloud: "needs a key",
  local: "on this machine; not running now",
  other: "",
};

function optionOf(entry: ProviderEntry, hint: string): PromptOption<ProviderEntry> {
  return { value: entry, label: entry.display_name, ...(hint === "" ? {} : { hint }) };
}

/** Only the person knows it of their own server; every other missing key shows in the check. */
async function wantsKey(context: CommandContext, prompts: Prompts): Promise<boolean> {
  if (context.boot.environmentKeys.includes("custom")) return false;
  return await prompts.select({
    message: "Does it want a key?",
    options: [{ value: false, label: "No" }, { value: true, label: "Yes" }],
    initial: false,
  });
}

async function askRemedy(
  prompts: Prompts,
  state: SetupState,
  { error }: Extract<Check, { kind: "fails" }>,
): Promise<Remedy> {
  prompts.note([error.message, error.hint].filter(Boolean).join("\n"));
  const { requires_key, id } = await knownProvider(state.provider);
  return await prompts.select<Remedy>({
    message: "That did not work",
    options: [
      { value: "again", label: "Try again" },
      ...(requires_key || id === "custom"
        ? [{ value: "key", label: "Enter another key" } as const]
        : []),
      { value: "back", label: "Choose another provider" },
      { value: "keep", label: "Keep it as it is" },
    ],
    initial: "again",
  });
}

async function finish(
  context: CommandContext,
  prompts: Prompts,
  state: SetupState,
  check: Check,
): Promise<void> {
  const { default_model, id } = await knownProvider(state.provider);
  const models = check.kind === "works" ? check.models : [];
  const model = state.model ?? await chooseModel(prompts, models, default_model);
  const isFirst = (await context.loadConfig()).config.ai.provider_id === undefined;
  await writeSettings(context, { provider: id, model, baseUrl: state.base_url });
  if (isFirst && id !== "demo") prompts.note(HANDS);
  prompts.outro(`Ready: ${id}, model ${model}. Change it with pyra setup`);
}

async function chooseModel(
  prompts: Prompts,
  models: readonly string[],
  usual: string,
): Promise<string> {
  const [first, ...more] = models;
  if (first === undefined) {
    return await prompts.text({ message: "The model's name", initial: usual, check: checkName });
  }
  if (more.length === 0) return first;
  return await prompts.select({
    message: "Which model?",
    options: models.map((model) => ({ value: model, label: model })),
    initial: models.includes(usual) ? usual : first,
  });
}

function checkAddress(value: string): string | undefined {
  const url = URL.parse(value);
  return url && /^https?:$/.test(url.protocol) && url.username + url.password === ""
    ? undefined
    : "an address begins with https:// or http://";
}

function checkName(value: string): string | undefined {
  return /^\S+$/.test(value) ? undefined : "a model's name has no spaces";
}
