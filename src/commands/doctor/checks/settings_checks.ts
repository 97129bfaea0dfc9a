/**
 * The settings, the vault and the keys in the environment.
 * @module
 */
import { broken, type Check, counted, ok, warning } from "../finding.ts";

/** Whether the config can be read, and says nothing unknown. */
export const CONFIG_CHECK: Check = {
  name: "config",
  async look(patient) {
    // What is wrong in the file is an error that names the place.
    const { warnings, sources } = await patient.settings();
    const found = warnings.map((sentence) => warning(sentence, "run pyra config edit"));
    if (found.length > 0) return found;
    if (!patient.context.boot.setUp) return [ok("there is none yet")];
    const own = Object.values(sources).filter((source) => source === "profile").length;
    const given = Object.values(sources).filter((source) => source === "environment").length;
    const more = given === 0 ? "" : `, ${given} from the environment`;
    return [ok(`valid, ${counted(own, "setting")}${more}`)];
  },
};

const MODES = {
  keystore: "kept by the system's key store",
  passphrase: "behind a passphrase",
  keyfile: "opened by a key file",
  gpg: "opened by GnuPG",
} as const;

/** The vault; nothing is unlocked. */
export const VAULT_CHECK: Check = {
  name: "vault",
  async look(patient) {
    const { state, mode, secrets } = await patient.vault();
    if (state === "absent" && secrets > 0) {
      const message = `${counted(secrets, "secret")}, and nothing that opens them`;
      return [broken(message, "restore the folder vault of the profile from a backup")];
    }
    if (state === "absent") return [ok("there is none yet; the first secret makes it")];
    const how = mode === undefined ? "" : `, ${MODES[mode]}`;
    return [ok(`${counted(secrets, "secret")}${how}, ${state} now`)];
  },
};

/** Keys that every program of the person's can see. */
export const KEYS_CHECK: Check = {
  name: "keys",
  look({ context: { boot: { environmentKeys } } }) {
    if (environmentKeys.length === 0) return [ok("none in the environment")];
    const message = `in the environment: ${environmentKeys.join(", ")}`;
    return [ok(`${message} (your other programs see them, too; those in the vault they do not)`)];
  },
};
