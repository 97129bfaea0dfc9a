/** Changes the vault in the folder it is given without end, until it is killed. */
import { Folder } from "../../../src/vault/folder.ts";
import { Vault } from "../../../src/vault/vault.ts";

const folder = new Folder(Deno.args[0] ?? "");
const vault = new Vault({ folder, ports: () => Promise.reject(new Error("no ports")) });
await vault.unlock({});
await Deno.stdout.write(new TextEncoder().encode("begun\n"));
for (let count = 0;; count++) {
  await vault.set({ name: "note", value: `note-${count}`, origins: [], placement: "" });
  await vault.rotateIdentity({});
}
