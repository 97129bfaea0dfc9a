/**
 * Why a file was not read or changed; the message says what to do.
 * @module
 */

/** What kind of trouble it is. */
export type FileCode = "bad_input" | "refused" | "not_found" | "changed" | "too_large" | "system";

/** An error of this plugin; its message is for the model. */
export class FileError extends Error {
  override readonly name = "FileError";
  readonly code: FileCode;

  constructor(code: FileCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
  }
}

/** What the system's own codes mean to whoever gave the path. */
const SYSTEM: Readonly<Record<string, readonly [FileCode, (path: string) => string]>> = {
  ENOENT: ["not_found", (path) => `there is no ${path}; look with list_directory or search_files`],
  ENOTDIR: ["bad_input", (path) => `${path} leads through a file as if it were a folder`],
  EISDIR: ["bad_input", (path) => `${path} is a folder; name a file`],
  ENAMETOOLONG: ["bad_input", (path) => `the name of ${path} is too long; give a shorter one`],
  EACCES: ["refused", (path) => `this user may not do that with ${path}; ask the person`],
  EPERM: ["refused", (path) => `the system does not permit that with ${path}; ask the person`],
  EROFS: ["refused", (path) => `${path} lies on a disk that cannot be written`],
  EXDEV: ["refused", (path) => `${path} would go to another disk; copy it with a command instead`],
  EEXIST: ["refused", (path) => `${path} is there already; choose another name`],
  ENOTEMPTY: ["refused", (path) => `${path} is there already; choose another name`],
  ENOSPC: ["system", (path) => `the disk is full, ${path} was not written`],
  ELOOP: ["refused", (path) => `${path} is a link that leads in a circle`],
};

/** An error of the system in this plugin's words; others are given back as they are. */
export function fileFault(thrown: unknown, path: string): unknown {
  if (thrown instanceof FileError || !(thrown instanceof Error)) return thrown;
  if (thrown instanceof Deno.errors.NotCapable) {
    const message = `${path} lies outside what the plugin files may open; only the workspace is ` +
      "granted, and of a home folder only its visible entries";
    return new FileError("refused", message, thrown);
  }
  const known = SYSTEM[codeOf(thrown)];
  return known === undefined ? thrown : new FileError(known[0], known[1](quoted(path)), thrown);
}

/** The system's code; the runtime leaves it out of some errors. */
function codeOf(thrown: Error): string {
  const code: unknown = Reflect.get(thrown, "code");
  if (typeof code === "string") return code;
  if (thrown instanceof Deno.errors.NotFound) return "ENOENT";
  if (thrown instanceof Deno.errors.AlreadyExists) return "EEXIST";
  if (thrown instanceof Deno.errors.PermissionDenied) return "EACCES";
  return /name too long/i.test(thrown.message) ? "ENAMETOOLONG" : "";
}

/** A path as a sentence shows it: one line, not endless. */
export function quoted(path: string): string {
  const plain = path.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "�");
  return plain.length <= 200 ? plain : `${plain.slice(0, 120)}…${plain.slice(-60)}`;
}

/** Whether the system says that there is nothing. */
export function isMissing(thrown: unknown): boolean {
  return thrown instanceof Deno.errors.NotFound ||
    (thrown instanceof Error && ["ENOENT", "ENOTDIR"].includes(codeOf(thrown)));
}
