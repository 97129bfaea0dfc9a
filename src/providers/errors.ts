/**
 * Every way a provider can fail as one `ProviderError` each, with what to do about it.
 *
 * Codes: `no_key bad_key no_such_model bad_base_url rate_limited quota_exhausted context_too_long
 * bad_request server_down network bad_answer stream_broken`, and those of egress for what it refused.
 * @module
 */
import { type ErrorCategory, EXIT, type ExitCode, PyraError } from "../protocol/error.ts";
import { RpcError } from "../rpc/error.ts";
import { type HttpFailure, retryAfter, type Said, saidBy, sentence } from "./error_body.ts";
import { field } from "./json_fields.ts";
import type { ProviderEntry } from "./table.ts";

/** Who failed. */
export interface Subject {
  readonly entry: ProviderEntry;
  readonly baseUrl: string;
  /** Absent for the list of models. */
  readonly model?: string;
}

/** A provider's failure. */
export class ProviderError extends PyraError {
  /** Whether the same request may succeed a little later. */
  readonly retryable: boolean;
  /** Whether another provider may do what this one cannot now. */
  readonly unavailable: boolean;
  /** How long the provider asks to wait, if it does. */
  readonly retryAfterMs: number | undefined;

  constructor(
    category: ErrorCategory,
    code: string,
    message: string,
    options: {
      hint?: string;
      cause?: unknown;
      exitCode?: ExitCode;
      retryable?: boolean;
      unavailable?: boolean;
      retryAfterMs?: number | undefined;
    } = {},
  ) {
    super(category, code, message, options);
    this.retryable = options.retryable ?? false;
    this.unavailable = options.unavailable ?? this.retryable;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** There is no key for a provider that answers nothing without one. */
export function missingKey({ entry }: Subject): ProviderError {
  const variable = entry.key_env_var === null ? "" : `, or set ${entry.key_env_var}`;
  return new ProviderError("configuration", "no_key", `there is no key for ${entry.display_name}`, {
    hint: `store one with pyra setup --provider ${entry.id}${variable} (${entry.docs_url})`,
    exitCode: EXIT.notSetUp,
  });
}

/** There is no address for a provider that has none of its own. */
export function missingBaseUrl(entry: ProviderEntry): ProviderError {
  const message = `${entry.display_name} needs an address`;
  return new ProviderError("configuration", "bad_base_url", message, {
    hint: `give it with pyra setup --provider ${entry.id} --base-url URL`,
    exitCode: EXIT.notSetUp,
  });
}

/** What was answered is no answer that this program understands. */
export function badAnswer(subject: Subject, detail: string, cause?: unknown): ProviderError {
  const message = `${subject.entry.display_name} gave an answer that makes no sense: ${detail}`;
  return new ProviderError("api", "bad_answer", message, {
    hint: `check that ${subject.baseUrl} is the address of an OpenAI-compatible API`,
    cause,
  });
}

/** The answer ended in its middle; what had arrived was passed on before this. */
export function streamBroken({ entry }: Subject, cause?: unknown): ProviderError {
  const message = `the answer of ${entry.display_name} broke off`;
  return new ProviderError("network", "stream_broken", message, { hint: "ask again", cause });
}

/** The failure that an answer's status and body tell of. @param now ms since 1970 */
export function httpError(subject: Subject, failure: HttpFailure, now: number): ProviderError {
  const { status, headers } = failure;
  const said = saidBy(failure.body);
  const retryAfterMs = retryAfter(headers, now) ?? said.waitMs;
  return classify(subject, {
    status,
    said,
    retryAfterMs,
    isJson: typeof failure.body === "object",
  });
}

/** The failure that an `error` inside a stream tells of. */
export function errorInStream(subject: Subject, body: unknown): ProviderError {
  const said = saidBy(body);
  // Most send the status that the answer would have had as the code.
  const code = Number(said.code);
  const status = code >= 400 && code < 600 ? code : 500;
  return classify(subject, { status, said, retryAfterMs: said.waitMs, isJson: true });
}

interface Facts {
  readonly status: number;
  readonly said: Said;
  readonly retryAfterMs: number | undefined;
  readonly isJson: boolean;
}

const QUOTA =
  /insufficient_quota|billing|credit balance|out of credits|exceeded your current quota/i;
const TOO_LONG =
  /context_length|context (length|window|size)|prompt is too long|too many (input )?tokens|maximum (number of )?(input )?tokens|reduce the length|input is too long/i;
/** llama.cpp says it of a text to make a vector of, with the status 500. */
const TOO_LARGE = /input is too large to process/i;
const BAD_KEY =
  /invalid_api_key|api key not valid|(invalid|incorrect) api key|authentication_error/i;
const NO_MODEL =
  /model_not_found|model.{0,80}(not found|not exist|is not supported|no access|decommissioned)|(unknown|invalid|no such) model|not a valid model/i;

function classify(subject: Subject, { status, said, retryAfterMs, isJson }: Facts): ProviderError {
  const { entry, model = "" } = subject;
  const name = entry.display_name;
  const words = `${said.code} ${said.message}`;
  const cause = new PyraError("api", `http_${status}`, `${status} ${words}`.trim());
  const quoted = said.message === "" ? "" : `: ${said.message}`;

  // A limit that passes in a while is none of credit, whatever it is called.
  if (status === 402 || (QUOTA.test(words) && retryAfterMs === undefined)) {
    return new ProviderError("api", "quota_exhausted", `the credit at ${name} is used up`, {
      hint: "add credit there, or choose another provider with --provider",
      unavailable: true,
      cause,
    });
  }
  const mayBeTooLong = status !== 401 && status !== 403 && status !== 404 && status < 500;
  if ((mayBeTooLong && TOO_LONG.test(words)) || TOO_LARGE.test(words)) {
    return new ProviderError("api", "context_too_long", `this is too long for ${model}`, {
      hint: "start anew with /clear, attach less, or set ai.context_window to leave out old turns",
      cause,
    });
  }
  if (status === 401 || BAD_KEY.test(words)) {
    return new ProviderError("api", "bad_key", `${name} did not accept the key`, {
      hint: `check it and store it anew with pyra setup --provider ${entry.id} (${entry.docs_url})`,
      cause,
    });
  }
  if (NO_MODEL.test(words) || (status === 404 && isJson)) {
    const pull = entry.id === "ollama" ? `get it with ollama pull ${model}, or ` : "";
    return new ProviderError("api", "no_such_model", `${name} has no model "${model}"`, {
      hint: `${pull}choose another with --model or /model`,
      cause,
    });
  }
  if (status === 403) {
    return new ProviderError("api", "bad_key", `${name} does not let this key do that${quoted}`, {
      hint: `check its rights at ${entry.docs_url}`,
      cause,
    });
  }
  if (status === 404 || (status >= 300 && status < 400)) {
    const message = `there is no OpenAI-compatible API at ${subject.baseUrl}`;
    return new ProviderError("configuration", "bad_base_url", message, {
      hint: "correct ai.base_url; it often ends in /v1",
      cause,
    });
  }
  if (status === 429) {
    const wait = retryAfterMs === undefined ? "a while" : seconds(retryAfterMs);
    return new ProviderError("api", "rate_limited", `${name} asks to wait ${wait} (rate limit)`, {
      hint: `try again in ${wait}, or name other models under ai.fallbacks`,
      retryable: true,
      retryAfterMs,
      cause,
    });
  }
  // 501: the server cannot do that at all.
  if ((status >= 500 && status !== 501) || status === 408 || status === 425) {
    const message = `${name} is in trouble (${status})${quoted}`;
    return new ProviderError("api", "server_down", message, {
      hint: "try again later, or choose another provider with --provider",
      retryable: true,
      retryAfterMs,
      cause,
    });
  }
  return new ProviderError("api", "bad_request", `${name} refused the request${quoted}`, {
    hint: "see what it says; another model may take it",
    cause,
  });
}

const START: Readonly<Record<string, string>> = {
  ollama: "start it with ollama serve",
  lmstudio: "start its server (Developer, Start Server)",
  llamacpp: "start it with llama-server -m MODEL.gguf",
  vllm: "start it with vllm serve MODEL",
};

/** What a `fetch` through egress threw; the signal's own reason must be looked at before. */
export function fetchError(subject: Subject, thrown: unknown): ProviderError {
  const told = rpcErrorIn(thrown);
  const code = told?.code === "remote" ? told.remoteCode : told?.code;
  const refusal = REFUSALS[code ?? ""];
  if (told !== undefined && code !== undefined && refusal !== undefined) {
    const hint = refusal.replace("ID", subject.entry.id);
    return new ProviderError("permission", code, sentence(told.message), { hint, cause: thrown });
  }
  if (code === "bad_request" || code === "protocol" || code === "closed") {
    const message = sentence(told?.message ?? "the way to the network is gone");
    const hint = "start pyra again; if that does not help, report it";
    return new ProviderError("system", code, message, { hint, cause: thrown });
  }
  const reason = code === "timeout" || code === "tls" ? code : reasonOf(told?.data, thrown);
  return networkError(subject, reason, thrown);
}

const REFUSALS: Readonly<Record<string, string>> = {
  origin_refused: "run pyra setup --provider ID and agree to its address",
  address_refused: "if you mean a server in your own network, give its address with pyra setup",
  origin_unbound: "bind the key to this address with pyra setup --provider ID --base-url URL",
  sentinel_misplaced: "store the key anew with pyra setup --provider ID",
  insecure_credential: "use an https address, so that no one on the way can read the key",
  secret_unavailable: "unlock the vault with pyra vault unlock, or store the key with pyra setup",
};

/** A failure on the way to the provider. @param reason one of egress's `NetworkReason` */
export function networkError(subject: Subject, reason: string, cause: unknown): ProviderError {
  const { entry } = subject;
  const host = hostOf(subject.baseUrl);
  const isLocal = entry.group === "local";
  const start = START[entry.id];
  const told: Record<string, [message: string, hint: string]> = {
    dns: [`the name ${host} leads nowhere`, "check the network connection and the address"],
    refused: isLocal && start !== undefined
      ? [`nothing listens at ${host}: is ${entry.display_name} running?`, start]
      : [`nothing listens at ${host}`, "start the server, or correct its address"],
    unreachable: [`there is no way to ${host}`, "check the network connection"],
    timeout: [`${host} did not answer in time`, "try again, or choose another provider"],
    tls: [
      `the certificate of ${host} is not trusted`,
      "check this machine's clock, or name your network's authority in PYRA_CA_FILE",
    ],
    proxy: ["the proxy did not let the request through", "check HTTPS_PROXY and NO_PROXY"],
  };
  const [message, hint] = told[reason] ??
    [`the connection to ${host} broke off`, "check the network connection and try again"];
  return new ProviderError("network", "network", message, {
    hint,
    cause,
    // A wrong name, certificate or proxy, or a server that no one has started, stays as it is.
    retryable: reason === "reset" || reason === "timeout" || reason === "unreachable" ||
      (reason === "refused" && !isLocal),
    unavailable: true,
  });
}

/** A duration for people. */
export function seconds(ms: number): string {
  const whole = Math.ceil(ms / 1000);
  if (whole < 120) return `${whole} s`;
  return whole < 7200 ? `${Math.ceil(whole / 60)} min` : `${Math.ceil(whole / 3600)} h`;
}

function rpcErrorIn(thrown: unknown): RpcError | undefined {
  let at = thrown;
  for (let depth = 0; depth < 8 && at instanceof Error; depth++) {
    if (at instanceof RpcError) return at;
    at = at.cause;
  }
  return undefined;
}

function reasonOf(data: unknown, thrown: unknown): string {
  const reason = field(data, "reason");
  if (typeof reason === "string") return reason;
  // A `fetch` that is not egress's says it in words only.
  const { cause } = thrown instanceof Error ? thrown : {};
  const words = `${thrown} ${cause}`;
  if (/dns|lookup/i.test(words)) return "dns";
  if (/refused/i.test(words)) return "refused";
  return /certificate|tls/i.test(words) ? "tls" : "reset";
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
