/**
 * What the kernel takes from the environment before the first room starts. Secret variables are
 * deleted from it, so that no room and no program inherits them.
 * @module
 */
import { PROVIDER_ORIGINS } from "./origins.ts";

/** What rooms are told of the environment. */
const SHOWN = [
  "TERM COLORTERM TERM_PROGRAM NO_COLOR FORCE_COLOR LANG LC_ALL LC_CTYPE TZ COLUMNS LINES CI",
  "WT_SESSION KITTY_WINDOW_ID WEZTERM_PANE TMUX",
].join(" ").split(" ");
/** Settings by environment: `PYRA_<BLOCK>_<FIELD>`. */
const SETTING = /^PYRA_(AI|GENERAL|MEMORY|SECURITY|PLUGINS|DAEMON)_[A-Z_]+$/;

/** The environment, sorted by who may know it. */
export interface Environment {
  /** For the app room. */
  readonly shown: Readonly<Record<string, string>>;
  /** Provider id → key. For the vault room's memory only. */
  readonly keys: ReadonlyMap<string, string>;
  readonly passphrase: string | undefined;
  readonly home: string | undefined;
  readonly userHome: string | undefined;
  readonly editor: string | undefined;
  readonly proxy: {
    readonly https?: string | undefined;
    readonly http?: string | undefined;
    readonly no?: string | undefined;
  };
  /** A file of certificates to trust beside the system's. */
  readonly caFile: string | undefined;
}

/** Reads the environment and deletes the secrets from it. */
export function takeEnvironment(): Environment {
  const all = Deno.env.toObject();
  const first = (...names: readonly string[]) =>
    names.map((name) => all[name]?.trim()).find((value) => value) ?? undefined;
  const keys = new Map<string, string>();
  const secret = new Set(["PYRA_VAULT_PASSPHRASE"]);
  for (const [id, { variables }] of Object.entries(PROVIDER_ORIGINS)) {
    for (const name of variables) secret.add(name);
    const key = first(...variables);
    if (key !== undefined) keys.set(id, key);
  }
  // The runtime's own client reads these in every room and would go round egress's address check.
  const proxies = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"];
  for (const name of [...secret, ...proxies, ...proxies.map((name) => name.toLowerCase())]) {
    Deno.env.delete(name);
  }
  return {
    shown: Object.fromEntries(
      Object.entries(all).filter(([name]) => SHOWN.includes(name) || SETTING.test(name)),
    ),
    keys,
    passphrase: all["PYRA_VAULT_PASSPHRASE"] || undefined,
    home: first("PYRA_HOME"),
    userHome: first("HOME", "USERPROFILE"),
    editor: first("VISUAL", "EDITOR"),
    proxy: {
      https: first("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"),
      http: first("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"),
      no: first("NO_PROXY", "no_proxy"),
    },
    caFile: first("PYRA_CA_FILE", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"),
  };
}
