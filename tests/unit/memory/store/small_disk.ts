/** A disk of its own for a test: small, or made unwritable while it is in use. */
export interface SmallDisk extends AsyncDisposable {
  readonly path: string;
  /** From now on it can only be read. */
  protect(): Promise<void>;
}

async function run(program: string, ...args: string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args, stderr: "null" }).output()).success;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw cause;
  }
}

/** Mounts a disk of that many kilobytes; `undefined` where that is not allowed. */
export async function smallDisk(kilobytes: number): Promise<SmallDisk | undefined> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return undefined;
  const path = await Deno.makeTempDir();
  if (!await run("mount", "-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", path)) {
    await Deno.remove(path);
    return undefined;
  }
  return {
    path,
    async protect() {
      await run("mount", "-o", "remount,ro", path);
    },
    async [Symbol.asyncDispose]() {
      await run("umount", path);
      await Deno.remove(path);
    },
  };
}

/** Whether this machine lets a test mount a disk. */
export const canMount: boolean = await (async () => {
  await using disk = await smallDisk(16);
  return disk !== undefined;
})();
