/**
 * `pyra setup`: the wizard on a terminal, or everything by options.
 * @module
 */
import { EXIT, PyraError } from "../../protocol/error.ts";
import { PROVIDERS } from "../../providers/table.ts";
import type { CommandContext } from "../context.ts";
import { knownProvider } from "../known_provider.ts";
import { asShown, oneLine, usageError } from "../errors.ts";
import { isOn } from "../option_values.ts";
import { jsonText } from "../output.ts";
import type { Parsed } from "../program.ts";
import {
  checkProvider,
  handedState,
  runningServers,
  type SetupGiven,
  setupGiven,
  type SetupState,
  storeKey,
  writeSettings,
} from "./steps.ts";

/** `pyra setup` */
export async function runSetup(context: CommandContext, parsed: Parsed): Promise<number> {
  const given = setupGiven(parsed.options);
  const { terminal, options } = context.boot;
  const keep = isOn(parsed.options, "--yes");
  const keyFromStdin = isOn(parsed.options, "--key-stdin");
  const named = given.provider !== undefined && given.model !== undefined;
  if (terminal.stdin && terminal.stdout && !options.json && !keep && !keyFromStdin && !named) {
    await (await import("./wizard.ts")).runWizard(context, given);
    return EXIT.done;
  }
  if (given.provider === undefined && !keep) {
    throw usageError("set-up cannot ask here", "name one: pyra setup --provider ID --model MODEL");
  }
  return await setUpByOptions(context, given, { keep, keyFromStdin });
}

async function setUpByOptions(
  context: CommandContext,
  given: SetupGiven,
  { keep, keyFromStdin }: { keep: boolean; keyFromStdin: boolean },
): Promise<number> {
  const provider = given.provider ?? await usualProvider(context);
  const entry = await knownProvider(provider);
  if (entry.base_url === null && entry.dialect !== "demo" && given.baseUrl === undefined) {
    throw usageError(`${provider} has no usual address`, "give it one with --base-url URL");
  }
  let state: SetupState = handedState(context) ?? {
    provider,
    ...(given.baseUrl === undefined ? {} : { base_url: given.baseUrl }),
    ...(given.model === undefined ? {} : { model: given.model }),
    key: keyFromStdin ? "to_store" : "settled",
  };
  if (state.key === "to_store") state = await storeKey(context, state);
  let check = await checkProvider(context, state);
  if (check.kind === "fails" && check.error.code === "no_key") {
    if (keep || !context.boot.terminal.stdin) throw noKey(provider, entry.key_env_var, check.error);
    state = await storeKey(context, state);
    check = await checkProvider(context, state);
  }
  const models = check.kind === "works" ? check.models : [];
  const usual = entry.default_model;
  const model = given.model ?? (models.includes(usual) ? usual : models[0] ?? usual);
  const warnings: string[] = [];
  if (check.kind === "fails") {
    if (!keep) throw unchecked(check.error);
    warnings.push(`this could not be checked: ${check.error.message}`);
  } else if (models.length > 0 && !models.includes(model)) {
    warnings.push(`${provider} does not list the model ${model}`);
  }
  if (model === "") throw usageError(`which model of ${provider}?`, "name one with --model");
  await writeSettings(context, { provider, model, baseUrl: given.baseUrl });
  return await report(context, { provider, model }, warnings);
}

async function report(
  { boot, print, printError }: CommandContext,
  chosen: { readonly provider: string; readonly model: string },
  warnings: readonly string[],
): Promise<number> {
  const { json, quiet } = boot.options;
  if (json) await print(jsonText({ ...chosen, warnings }));
  else {
    for (const warning of warnings) await printError(`pyra: ${oneLine(warning)}\n`);
    if (!quiet) await print(`pyra is set up: ${chosen.provider} answers with ${chosen.model}\n`);
  }
  return EXIT.done;
}

/** What Enter takes in the wizard. */
async function usualProvider(context: CommandContext): Promise<string> {
  const [running] = await runningServers(context);
  const keyed = PROVIDERS.find(({ id }) => context.boot.environmentKeys.includes(id));
  return running?.id ?? keyed?.id ?? "demo";
}

function noKey(provider: string, variable: string | null, cause: Error): PyraError {
  return new PyraError("configuration", "no_key", `there is no key for ${provider}`, {
    hint: `pipe it in with --key-stdin${variable === null ? "" : `, or set ${variable}`}`,
    exitCode: EXIT.notSetUp,
    cause,
  });
}

/** Nothing was written: says so, and how to write it all the same. */
function unchecked(error: PyraError): PyraError {
  const { category, code, message, hint, exitCode } = asShown(error);
  return new PyraError(category, code, `the set-up was not saved: ${message}`, {
    hint: [hint, "add --yes to save it unchecked"].filter(Boolean).join("; "),
    exitCode,
    cause: error,
  });
}
