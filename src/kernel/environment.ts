/**
 * What the kernel takes from the environment before the first room starts. Secret variables are
 * deleted from it, so that no room and no program inherits them.
 * @module
 */
import type { EnvironmentKey, EnvironmentKeys } from "../protocol/vault_calls.ts";
import { PROVIDER_ORIGINS } from "./origins.ts";

/** What rooms are told of the environment. */
const SHOWN = [
  "TERM COLORTERM TERM_PROGRAM SHELL NO_COLOR FORCE_COLOR LANG LC_ALL LC_CTYPE TZ COLUMNS LINES CI",
  "WT_SESSION KITTY_WINDOW_ID WEZTERM_PANE TMUX",
].join(" ").split(" ");
/** Settings by environment: `PYRA_<BLOCK>_<FIELD>`. */
const SETTING = /^PYRA_(AI|GENERAL|MEMORY|SECURITY|PLUGINS|DAEMON|LIMITS)_[A-Z_]+$/;

/** What stays in the process's environment: what programs and the runtime need. */
const KEPT =
  /^(PATH|HOME|USER|LOGNAME|LANG|LC_\w+|TZ|TERM|COLORTERM|TMPDIR|DISPLAY|WAYLAND_DISPLAY|XDG_\w+|GNUPGHOME|GPG_TTY|SSH_TTY|DBUS_SESSION_BUS_ADDRESS|SystemRoot|windir|USERPROFILE|APPDATA|LOCALAPPDATA|TEMP|TMP|PATHEXT|COMSPEC|DENO_\w+|NO_COLOR|FORCE_COLOR)$/i;

/** The environment, sorted by who may know it. */
export interface Environment {
  /** For the app room. */
  readonly shown: Readonly<Record<string, string>>;
  /** For the vault room's memory only. */
  readonly keys: EnvironmentKeys;
  readonly passphrase: string | undefined;
  /** Where the default profile lies. */
  readonly home: string | undefined;
  readonly editor: string | undefined;
  /** `CONTAINER_RUNTIME`: the plugin that starts containers. */
  readonly containerRuntime: string | undefined;
  /** Proxies for `https`, for `http`, and the hosts that need none. */
  readonly proxy: Readonly<Record<"https" | "http" | "no", string | undefined>>;
  /** A file of certificates to trust beside the system's. */
  readonly caFile: string | undefined;
  /** `CREDENTIALS_DIRECTORY`: where systemd puts what a service is given. */
  readonly credentials: string | undefined;
  /** Whether systemd started this, which may have closed folders to it. */
  readonly isService: boolean;
  /** What programs may be told; nothing in it is secret. */
  readonly programs: Readonly<Record<string, string>>;
  /**
   * The variables that decide for whom the trusted rooms speak: keys, proxies, certificates. A daemon is
   * started with them, and serves only clients that have the same.
   */
  readonly identity: Readonly<Record<string, string>>;
}

const CERTIFICATES = ["PYRA_CA_FILE", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"];
const RUNTIME = "CONTAINER_RUNTIME";

/** Reads the environment and deletes the secrets from it. */
export function takeEnvironment(): Environment {
  const all = Deno.env.toObject();
  const first = (...names: readonly string[]) =>
    names.map((name) => all[name]?.trim()).find((value) => value) ?? undefined;
  // The runtime's own client reads these in every room and would go round egress's address check.
  const proxies = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"];
  const deleted = [...proxies, ...proxies.map((name) => name.toLowerCase())];
  const keys: Record<string, EnvironmentKey> = {};
  for (const [id, { variables, origin, placement }] of Object.entries(PROVIDER_ORIGINS)) {
    deleted.push(...variables);
    const value = first(...variables);
    const origins = origin === undefined ? [] : [origin];
    if (value !== undefined) keys[`provider:${id}`] = { value, origins, placement };
  }
  // A thread that a library makes can read the environment without a right to it.
  const unknown = Object.keys(all).filter((name) => !KEPT.test(name));
  for (const name of ["PYRA_VAULT_PASSPHRASE", ...deleted, ...unknown]) Deno.env.delete(name);
  const userHome = first("HOME", "USERPROFILE");
  const those = (isMeant: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => isMeant(name)));
  const identity = [...deleted, ...CERTIFICATES, RUNTIME];
  return {
    shown: those((name) => SHOWN.includes(name) || SETTING.test(name)),
    programs: those((name) => KEPT.test(name)),
    identity: those((name) => identity.includes(name)),
    keys,
    passphrase: all["PYRA_VAULT_PASSPHRASE"] || undefined,
    home: first("PYRA_HOME") ?? (userHome && `${userHome}/.pyra`),
    editor: first("VISUAL", "EDITOR"),
    containerRuntime: first(RUNTIME),
    credentials: first("CREDENTIALS_DIRECTORY"),
    isService: first("INVOCATION_ID") !== undefined,
    proxy: {
      https: first("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"),
      http: first("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"),
      no: first("NO_PROXY", "no_proxy"),
    },
    caFile: first(...CERTIFICATES),
  };
}
